import { dayBefore, formatDate } from '@/domain/dates'
import type { PortalHomeQuery } from '@/generated/graphql'
import { useEnvironment } from '@/ui/environment'
import { Figure } from '@/ui/Figure'
import { StatusShape } from '@/ui/Status'
import { Section } from './parts'
import { PortalLink } from './path'
import { t } from './words'

type Viewer = PortalHomeQuery['viewer']
type Need = Viewer['needs'][number]

interface Card {
  title: string
  detail: string
  action: string
  to: string
}

function cardOf(need: Need, viewer: Viewer, locale: string): Card {
  const ownId = viewer.party?.id ?? null
  const name = need.subject?.label ?? ''
  const date = need.dueOn ? formatDate(locale, need.dueOn) : ''
  const id = encodeURIComponent(need.subject?.id ?? '')
  switch (need.kind) {
    case 'REVIEW_DETAILS':
      return {
        title: need.subject?.id === ownId ? t('need_REVIEW_DETAILS_own') : t('need_REVIEW_DETAILS', { name }),
        detail: need.isOverdue ? t('needReviewOverdue', { date }) : t('needReviewDue', { date }),
        action: t('review'),
        to: `/review/${id}`,
      }
    case 'CONTACT_MISSING':
      return { title: t('need_CONTACT_MISSING'), detail: t('needContactHint'), action: t('add'), to: '/more' }
    case 'COMING_OF_AGE': {
      const account = viewer.worth?.accounts.find((each) => each.id === need.subject?.id)
      const isOwn = ownId !== null && account?.owners.some((owner) => owner.role === 'MINOR' && owner.party.id === ownId)
      const words = isOwn ? (['needComingOwn', 'needComingOwnPast'] as const) : (['needComingHint', 'needComingPast'] as const)
      return { title: t('need_COMING_OF_AGE', { name }), detail: t(words[need.isOverdue ? 1 : 0], { date }), action: t('open'), to: `/accounts/${id}` }
    }
    case 'ACCESS_ENDS':
      return { title: t('need_ACCESS_ENDS', { name }), detail: t('needAccessHint', { date: need.dueOn ? formatDate(locale, dayBefore(need.dueOn)) : '' }), action: t('open'), to: '/more' }
  }
}

/** What waits for this person: what it is, by when, and one step. Nothing is shown as done before the firm says so. */
export function NeedsYou({ viewer }: { viewer: Viewer }) {
  const { locale } = useEnvironment()
  if (viewer.needs.length === 0) return null
  return (
    <Section title={t('needsYou')} aside={<Figure kind="count" value={String(viewer.needs.length)} />} className="pt-8">
      <ul>
        {viewer.needs.map((need, index) => {
          const card = cardOf(need, viewer, locale)
          return (
            <li key={`${need.kind} ${need.subject?.id ?? ''}`} className="flex min-h-16 items-center justify-between gap-4 border-b border-line py-3">
              <span className="min-w-0">
                <span className="block font-medium">{card.title}</span>
                <span className="block text-14 text-text-2">
                  {need.isOverdue ? <StatusShape is="attention" className="mr-1.5" /> : null}
                  {card.detail}
                </span>
              </span>
              <PortalLink
                to={card.to}
                label={`${card.action}: ${card.title}`}
                className={`inline-flex h-11 shrink-0 items-center rounded-control border px-5 text-14 font-medium ${index === 0 ? 'border-transparent bg-accent text-on-accent hover:bg-accent-hover' : 'border-line-strong hover:bg-hover'}`}
              >
                {card.action}
              </PortalLink>
            </li>
          )
        })}
      </ul>
    </Section>
  )
}
