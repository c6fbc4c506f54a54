import type { ErrorComponentProps } from '@tanstack/react-router'
import { EmptyState, ErrorState } from '@/ui/States'
import { usePageTitle } from '@/ui/title'
import { t } from './words'

export function NotFound() {
  usePageTitle(t('notFoundTitle'))
  return (
    <EmptyState
      kind="none"
      isPage
      className="px-8 max-sm:px-4"
      title={t('notFoundTitle')}
      action={
        <a href="/" className="font-medium text-accent hover:underline">
          {t('goHome')}
        </a>
      }
    >
      {t('notFoundHint')}
    </EmptyState>
  )
}

/** A fault in a page's own code; the rest of the app still works. */
export function Crash({ error }: ErrorComponentProps) {
  return (
    <div className="p-8 max-sm:p-4">
      <ErrorState title={t('crashTitle')} message={error instanceof Error ? error.message : String(error)} />
      <p className="my-3 text-text-2">{t('crashHint')}</p>
      <button type="button" onClick={() => location.reload()} className="h-8 rounded-control border border-line-strong px-3 font-medium hover:bg-hover">
        {t('reload')}
      </button>
    </div>
  )
}
