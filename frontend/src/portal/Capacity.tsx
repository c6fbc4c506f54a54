import ChevronDown from 'lucide-react/icons/chevron-down'
import { dayBefore, formatDate } from '@/domain/dates'
import type { PortalHomeQuery } from '@/generated/graphql'
import { useEnvironment } from '@/ui/environment'
import { Icon } from '@/ui/Icon'
import { go } from './path'
import { t } from './words'

export type Access = PortalHomeQuery['viewer']['accesses'][number]

/** As what, in plain words: "guardian", "holder of a power of attorney". */
export function relationWords(access: Pick<Access, 'relationship'>): string {
  return t(`relation_${access.relationship}`)
}

/** "Clara 529 plan, as guardian, until 30 Jun 2021". */
export function accessWords(access: Access, locale: string): string {
  const name = access.subject?.label ?? t('somethingEnded')
  const whose = access.relationship === 'SELF' ? t('asSelfOf', { name }) : t('asRelation', { name, relation: relationWords(access) })
  return access.effectiveTo ? `${whose}, ${t('until', { date: formatDate(locale, dayBefore(access.effectiveTo)) })}` : whose
}

interface CapacityProps {
  accesses: readonly Access[]
  chosen: string | null
  path: string
}

/** Whose things are shown: everything that was opened, or what one capacity opens. Only where there are several. */
export function CapacityChoice({ accesses, chosen, path }: CapacityProps) {
  const { locale } = useEnvironment()
  const open = accesses.filter((access) => access.state === 'IN_FORCE')
  const only = open.length === 1 ? open[0] : undefined
  if (only) {
    if (only.relationship === 'SELF' && !only.effectiveTo) return null
    return <p className="pb-4 text-14 text-text-2">{accessWords(only, locale)}</p>
  }
  if (open.length === 0) return null
  return (
    <label className="relative mb-4 flex min-h-14 flex-col rounded-control border border-line-strong bg-canvas pt-1.5 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent hover:bg-hover">
      <span className="pointer-events-none absolute top-1.5 left-4 text-12 text-text-2">{t('capacity')}</span>
      <select
        value={chosen ?? ''}
        onChange={(event) => go(path, event.target.value || null)}
        className="-mt-1.5 h-14 w-full min-w-0 cursor-pointer appearance-none truncate bg-transparent pt-5 pr-10 pl-4 font-medium outline-none"
      >
        <option value="">{t('everything')}</option>
        {open.map((access) => (
          <option key={access.id} value={access.id}>
            {accessWords(access, locale)}
          </option>
        ))}
      </select>
      <Icon of={ChevronDown} className="pointer-events-none absolute top-5 right-3 text-text-3" />
    </label>
  )
}
