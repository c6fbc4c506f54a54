import Calendar from 'lucide-react/icons/calendar'
import Search from 'lucide-react/icons/search'
import { Link, useSearch } from '@tanstack/react-router'
import { useFirm } from '@/data/context'
import { Figure } from '@/ui/Figure'
import { Icon } from '@/ui/Icon'
import { useCurrentTitle } from '@/ui/title'
import { t } from './words'

export function TopBar({ onSearch }: { onSearch: () => void }) {
  const { title, crumbs } = useCurrentTitle()
  return (
    <header className="flex h-13 shrink-0 items-center justify-between gap-4 border-b border-line px-8 max-sm:hidden">
      <nav aria-label={t('breadcrumb')} className="flex min-w-0 items-center gap-2">
        {crumbs.map((crumb) => (
          <span key={crumb.to} className="flex shrink-0 items-center gap-2 text-text-2">
            <Link to={crumb.to} className="rounded-chip hover:text-text hover:underline">
              {crumb.label}
            </Link>
            <span aria-hidden="true">/</span>
          </span>
        ))}
        <span aria-current="page" className="truncate font-medium">
          {title}
        </span>
      </nav>
      <div className="flex shrink-0 items-center gap-3">
        <button
          type="button"
          aria-keyshortcuts="Control+K Meta+K"
          onClick={onSearch}
          className="flex h-8 w-[260px] items-center gap-2.5 rounded-control border border-line-strong px-2.5 text-text-2 hover:border-control max-lg:w-40"
        >
          <Icon of={Search} />
          <span className="flex-1 truncate text-left">{t('searchOrGo')}</span>
          <kbd className="rounded-chip border border-line px-1.5 font-sans text-12 text-text-3">{t('shortcut')}</kbd>
        </button>
        <AsOfChip />
      </div>
    </header>
  )
}

/** The date of what is shown: the one asked for in the address, or the firm's business date; a demo clock says so. */
export function AsOfChip() {
  const firm = useFirm()
  const search: { asOf?: unknown } = useSearch({ strict: false })
  const asked = typeof search.asOf === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(search.asOf) ? search.asOf : null
  const date = asked ?? firm.businessDate
  if (!date) return null
  return (
    <span className="inline-flex h-6 items-center gap-1.5 rounded-chip border border-line px-2 text-12 whitespace-nowrap text-text-2" data-as-of={date}>
      <Icon of={Calendar} size={14} />
      {t('asOf')}
      <Figure kind="date" value={date} className="font-semibold text-text" />
      {firm.demo && !asked ? <span className="text-text-3">{t('demoClock')}</span> : null}
    </span>
  )
}
