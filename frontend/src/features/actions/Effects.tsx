import { AccountName } from '@/ui/AccountName'
import { Figure } from '@/ui/Figure'
import { ChangeTable, GainChangeTable, LotChangeTable, lotWords, type Change } from '@/ui/ledger/LotChanges'
import { typeName } from '@/ui/ledger/words'
import { StatusShape } from '@/ui/Status'
import type { Preview } from './ActionPeek'
import { t } from './words'

type Effect = Preview['effects'][number]

/** Lots before and after side by side: the same lot in one line. */
export function paired<T extends { id: string }>(before: readonly T[], after: readonly T[]): Change<T>[] {
  const later = new Map(after.map((lot) => [lot.id, lot]))
  const earlier = new Set(before.map((lot) => lot.id))
  return [...before.map((lot) => ({ before: lot, after: later.get(lot.id) ?? null })), ...after.filter((lot) => !earlier.has(lot.id)).map((lot) => ({ before: null, after: lot }))]
}

export function Effects({ preview }: { preview: Preview }) {
  const { accountCount, entryCount, effects, withoutRate } = preview
  return (
    <section className="grid gap-4">
      <h3 className="font-semibold">{t('effects')}</h3>
      <p className="text-text-2">{entryCount === 0 ? t('noEffects', { count: preview.deskAction.holdingCount }) : t('effectsCount', { entries: entryCount, accounts: accountCount })}</p>
      {withoutRate.length > 0 ? (
        <p className="flex items-baseline gap-1.5">
          <StatusShape is="attention" />
          {t('withoutRate', { names: withoutRate.map((account) => account.name).join(', ') })}
        </p>
      ) : null}
      {effects.map((effect) => (
        <AccountEffect key={effect.account.id} effect={effect} />
      ))}
      {effects.length < accountCount ? <p className="text-12 text-text-2">{t('effectsFirst', { count: effects.length })}</p> : null}
      <Moves moved={preview.moved} accountCount={preview.movedAccountCount} />
      {entryCount > 0 || preview.moved.length > 0 ? <p className="text-12 text-text-3">{t('notAdvice')}</p> : null}
    </section>
  )
}

/** Units and cost of each account before and after the entries that are there; the costs of an account sum to the same but for cash in lieu. */
export function Moves({ moved, accountCount }: { moved: Preview['moved']; accountCount: number }) {
  if (moved.length === 0) return null
  const more = accountCount - new Set(moved.map(({ account }) => account.id)).size
  const sides = moved.map((one) => ({
    before: { ...one, units: one.unitsBefore, cost: one.costBefore },
    after: { ...one, units: one.unitsAfter, cost: one.costAfter },
  }))
  return (
    <>
      <ChangeTable
        caption={t('moved', { count: accountCount })}
        what={lotWords('account')}
        rows={sides}
        idOf={(one) => `${one.account.id} ${one.security?.id ?? ''}`}
        nameOf={(one) => (
          <>
            <AccountName name={one.account.name} last4={one.account.last4} />
            <span className="block text-12 font-normal text-text-2">{one.security ? (one.security.symbol ?? one.security.name) : lotWords('notHeldYet')}</span>
          </>
        )}
        cell={(one) => (
          <>
            <Figure kind="quantity" value={one.units} />
            <span className="block text-12 text-text-2">
              <Figure kind="money" value={one.cost} currency={one.currency} absent={lotWords('unknown')} />
            </span>
          </>
        )}
      />
      {more > 0 ? <p className="text-12 text-text-2">{t('movedMore', { count: more })}</p> : null}
    </>
  )
}

function AccountEffect({ effect }: { effect: Effect }) {
  const { account, entries, lotsBefore, lotsAfter, gains, reasons } = effect
  return (
    <div className="grid gap-3 border-t border-line pt-3">
      <h4 className="font-semibold">{account.name}</h4>
      <ul className="grid gap-1" aria-label={t('entriesOf', { account: account.name })}>
        {entries.map((entry) => (
          <li key={`${entry.type} ${entry.security?.id ?? ''}`} className="grid grid-cols-[1fr_auto_auto] gap-x-4">
            <span>
              {typeName(entry.type)} {entry.security ? (entry.security.symbol ?? entry.security.name) : lotWords('notHeldYet')}
            </span>
            <span className="text-right">{entry.quantity === null ? null : <Figure kind="quantity" value={entry.quantity} sign="always" />}</span>
            <span className="min-w-24 text-right">
              <Figure kind="money" value={entry.amount} currency={entry.currency} sign="always" />
            </span>
          </li>
        ))}
      </ul>
      <LotChangeTable caption={t('lotsOf', { account: account.name })} rows={paired(lotsBefore, lotsAfter)} />
      {gains.length > 0 ? <GainChangeTable caption={t('gainsOf', { account: account.name })} rows={gains.map((line) => ({ before: null, after: line }))} /> : null}
      {reasons.map((reason) => (
        <p key={`${reason.code} ${reason.message}`} className="flex items-baseline gap-1.5 text-text-2">
          <StatusShape is="attention" />
          {reason.message}
        </p>
      ))}
    </div>
  )
}
