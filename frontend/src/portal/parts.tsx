import ChevronRight from 'lucide-react/icons/chevron-right'
import { useId, type ReactNode } from 'react'
import { formatDate } from '@/domain/dates'
import { formatPercent } from '@/domain/format'
import type { PortalAccountFragment, PortalDebtFragment } from '@/generated/graphql'
import { LiveMoney } from '@/live/LiveFigure'
import { cx } from '@/ui/cx'
import { useEnvironment } from '@/ui/environment'
import { MoneyFigure } from '@/ui/Figure'
import { Icon } from '@/ui/Icon'
import { StatusShape } from '@/ui/Status'
import { PortalLink } from './path'
import { t } from './words'

/** 16 px headings over one strong rule, as the portal has them. */
export function Section({ title, aside, children, className }: { title: ReactNode; aside?: ReactNode; children: ReactNode; className?: string }) {
  const heading = useId()
  return (
    <section className={className} aria-labelledby={heading}>
      <div className="flex min-h-8 flex-wrap items-center justify-between gap-x-4 border-b border-line-strong pb-2">
        <h2 id={heading} className="text-16 font-semibold">
          {title}
        </h2>
        {aside ? <div className="text-14 text-text-2">{aside}</div> : null}
      </div>
      {children}
    </section>
  )
}

const OWNING: ReadonlySet<string> = new Set(['OWNER', 'JOINT_SURVIVORSHIP', 'JOINT_COMMON', 'MINOR'])

interface Owned {
  hiddenOwners: number
  viewerShare: string | null
  owners: readonly { role?: string; share: string | null; party: { id: string; name: string } }[]
}

const wholePercent = (share: string) => /^(0|1)(\.\d{0,2}0*)?$/.test(share)

/** Whose it is, in one line: one's own share first, the others by name as far as they are shown. */
export function ownersLine(owned: Owned, ownId: string | null, locale: string): string {
  const others = owned.owners.filter((owner) => (owner.role === undefined || OWNING.has(owner.role)) && owner.party.id !== ownId).map((owner) => owner.party.name)
  if (owned.hiddenOwners > 0) others.push(t('anotherOwner', { count: owned.hiddenOwners }))
  const names = new Intl.ListFormat(locale, { type: 'conjunction' }).format(others)
  if (owned.viewerShare === null) return others.length > 0 ? t('ownedBy', { names }) : ''
  if (others.length === 0) return t('onlyYou')
  return t('shareWith', { share: formatPercent(locale, owned.viewerShare, wholePercent(owned.viewerShare) ? 0 : 2), names })
}

/** One account: its name, whose it is, and what it is worth now. */
export function AccountLine({ account, ownId }: { account: PortalAccountFragment; ownId: string | null }) {
  const { locale } = useEnvironment()
  const owners = ownersLine(account, ownId, locale)
  return (
    <li className="border-b border-line">
      <div className="relative flex min-h-16 items-center justify-between gap-4 py-2">
        <span className="min-w-0">
          <PortalLink to={`/accounts/${encodeURIComponent(account.id)}`} className="block font-medium after:absolute after:inset-0">
            {account.name}
          </PortalLink>
          <span className="block text-14 text-text-2 identifier">
            {account.custodian}
            {account.custodian && account.accountNumberLast4 ? ', ' : null}
            {account.accountNumberLast4 ? <span className="whitespace-nowrap">{t('ending', { last4: account.accountNumberLast4 })}</span> : null}
          </span>
          {owners ? <span className="block text-14 text-text-3">{owners}</span> : null}
        </span>
        <span className="flex shrink-0 items-center gap-1">
          <span className="text-right">
            <span className="font-medium">
              <LiveMoney id={account.id} figure={{ ...account.marketValue, explain: null }} name={account.name} />
            </span>
            <QualityWord quality={account.marketValue.quality} />
          </span>
          <Icon of={ChevronRight} className="text-text-3" />
        </span>
      </div>
    </li>
  )
}

export function DebtLine({ debt, ownId }: { debt: PortalDebtFragment; ownId: string | null }) {
  const { locale } = useEnvironment()
  const owners = ownersLine(debt, ownId, locale)
  return (
    <li className="border-b border-line">
      <div className="relative flex min-h-16 items-center justify-between gap-4 py-2">
        <span className="min-w-0">
          <PortalLink to={`/debts/${encodeURIComponent(debt.id)}`} className="block font-medium after:absolute after:inset-0">
            {debt.name}
          </PortalLink>
          <span className="block text-14 text-text-2">
            {debt.lender ? <span className="block">{debt.lender}</span> : null}
            {debt.balanceDate ? t('balanceOf', { date: formatDate(locale, debt.balanceDate) }) : null}
          </span>
          {owners ? <span className="block text-14 text-text-3">{owners}</span> : null}
        </span>
        <span className="flex shrink-0 items-center gap-1">
          <MoneyFigure figure={{ ...debt.balance, explain: null }} name={debt.name} className="font-medium" />
          <Icon of={ChevronRight} className="text-text-3" />
        </span>
      </div>
    </li>
  )
}

const QUALITY_WORDS = { PARTIAL: 'qualityPartial', STALE: 'qualityStale', UNAVAILABLE: 'qualityUnknown' } as const

/** A mark at a value that is less than whole; the page of the account says why. */
export function QualityWord({ quality }: { quality: 'COMPLETE' | keyof typeof QUALITY_WORDS }) {
  if (quality === 'COMPLETE') return null
  return (
    <span className="flex items-center justify-end gap-1.5 text-14 text-text-3">
      <StatusShape is="attention" />
      {t(QUALITY_WORDS[quality])}
    </span>
  )
}

/** A name and what stands for it, between rules. */
export function Fact({ name, children, className }: { name: ReactNode; children: ReactNode; className?: string }) {
  return (
    <div className={cx('flex min-h-11 flex-wrap items-center justify-between gap-x-6 gap-y-0.5 border-b border-line py-2', className)}>
      <dt className="text-text-2">{name}</dt>
      <dd className="ml-auto text-right font-medium">{children}</dd>
    </div>
  )
}
