import { Link } from '@tanstack/react-router'
import { useMay, useViewer } from '@/data'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/States'
import { NewHousehold } from './NewHousehold'
import { isFiltered, type BookSearch } from './search'
import { t } from './words'

/** Nothing matches, or nothing is there yet, or nothing has been shared: each has its own next step. */
export function BookEmpty({ search, onClear }: { search: BookSearch; onClear: () => void }) {
  const { scope } = useViewer()
  const imports = useMay('imports.run')
  if (isFiltered(search)) {
    return (
      <EmptyState kind="none" title={t('none')} action={<Button onPress={onClear}>{t('clear')}</Button>}>
        {t('noneHint')}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      kind="first"
      title={t('first')}
      action={
        <span className="flex flex-wrap items-center gap-4">
          <NewHousehold primary />
          {imports ? (
            <Link to="/imports" className="font-medium text-accent hover:underline">
              {t('firstAction')}
            </Link>
          ) : null}
        </span>
      }
    >
      {t(scope === 'LIMITED' ? 'firstHintLimited' : 'firstHint')}
    </EmptyState>
  )
}
