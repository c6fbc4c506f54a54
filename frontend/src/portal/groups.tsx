import { Figure } from '@/ui/Figure'
import type { PortalAccountFragment } from '@/generated/graphql'
import type { Worth } from './Home'
import { AccountLine, DebtLine, Section } from './parts'
import { t } from './words'

export interface Group {
  id: string
  name: string | null
  accounts: PortalAccountFragment[]
}

/** By household, in the order of the accounts; an account of two households stands once, under the first. */
export function grouped(accounts: readonly PortalAccountFragment[]): Group[] {
  const found = new Map<string, Group>()
  for (const account of accounts) {
    const household = account.households[0]
    const id = household?.id ?? ''
    const group = found.get(id) ?? { id, name: household?.name ?? null, accounts: [] }
    group.accounts.push(account)
    found.set(id, group)
  }
  return [...found.values()]
}

/** The accounts by household, then the debts. */
export function AccountGroups({ worth, ownId, className }: { worth: Worth; ownId: string | null; className?: string }) {
  const groups = grouped(worth.accounts)
  return (
    <>
      {groups.map((group) => (
        <Section
          key={group.id}
          title={groups.length === 1 || group.name === null ? t(group.name === null && groups.length > 1 ? 'accountsShared' : 'accounts') : t('accountsOf', { name: group.name })}
          aside={<Figure kind="count" value={String(group.accounts.length)} />}
          {...(className ? { className } : {})}
        >
          <ul>
            {group.accounts.map((account) => (
              <AccountLine key={account.id} account={account} ownId={ownId} />
            ))}
          </ul>
        </Section>
      ))}
      {worth.debts.length > 0 ? (
        <Section title={t('debts')} aside={<Figure kind="count" value={String(worth.debts.length)} />} {...(className ? { className } : {})}>
          <ul>
            {worth.debts.map((debt) => (
              <DebtLine key={debt.id} debt={debt} ownId={ownId} />
            ))}
          </ul>
        </Section>
      ) : null}
    </>
  )
}
