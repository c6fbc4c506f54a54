import { Link, Navigate, Outlet, useLocation } from '@tanstack/react-router'
import { useViewer } from '@/data'
import { may } from '@/domain/permissions'
import { cx } from '@/ui/cx'
import { Page } from '@/ui/Page'
import { SETTINGS_PLACES } from './places'
import { t } from './words'

const showHere = (link: HTMLAnchorElement | null) => {
  link?.scrollIntoView({ block: 'nearest', inline: 'center' })
}

/** The list of settings this person may open, and the page. */
export function SettingsPage() {
  const viewer = useViewer()
  const { pathname } = useLocation()
  const places = SETTINGS_PLACES.filter((place) => may(viewer, place.permission))
  return (
    <Page className="grid grid-cols-[minmax(0,1fr)] content-start gap-x-10 gap-y-4 lg:grid-cols-[168px_minmax(0,1fr)]">
      <nav aria-label={t('nav')}>
        <h2 className="pb-2 text-16 font-semibold max-lg:sr-only">{t('title')}</h2>
        <ul className="flex gap-x-5 overflow-x-auto max-lg:border-b max-lg:border-line lg:flex-col">
          {places.map((place) => {
            const current = pathname.startsWith(place.to)
            return (
              <li key={place.to} className="shrink-0">
                <Link
                  to={place.to}
                  // On a phone the list is wider than the screen; the place one is at stays in sight.
                  ref={current ? showHere : undefined}
                  aria-current={current ? 'page' : undefined}
                  className={cx(
                    'flex h-8 items-center whitespace-nowrap max-lg:h-10 max-lg:border-b-2 lg:border-l-2 lg:pl-3',
                    current ? 'border-accent font-semibold text-text' : 'border-transparent text-text-2 hover:text-text',
                  )}
                >
                  {t(place.word)}
                </Link>
              </li>
            )
          })}
        </ul>
      </nav>
      <div className="min-w-0">
        <Outlet />
      </div>
    </Page>
  )
}

/** The first page of the list. */
export function SettingsIndex() {
  const viewer = useViewer()
  const first = SETTINGS_PLACES.find((place) => may(viewer, place.permission)) ?? SETTINGS_PLACES[2]
  return <Navigate to={first.to} replace />
}
