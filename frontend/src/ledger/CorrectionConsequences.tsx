import { useRead } from '@/data'
import { formatDate } from '@/domain/dates'
import { signOf } from '@/domain/decimal'
import { entryInput, type TransactionEntry } from '@/domain/ledger'
import { CorrectionPreviewDocument, type CorrectionPreviewQuery, type WashSnapshotPartsFragment } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { useEnvironment } from '@/ui/environment'
import { Figure } from '@/ui/Figure'
import { periodWord } from '@/ui/performance/words'
import { ChangeTable, GainChangeTable, LotChangeTable, lotWords } from '@/ui/ledger/LotChanges'
import { SkeletonRows } from '@/ui/States'
import { StatusShape } from '@/ui/Status'

type Preview = NonNullable<CorrectionPreviewQuery['transactionCorrectionPreview']>

interface CorrectionConsequencesProps {
  transactionId: string
  /** Null: the entry is only reversed. */
  entry: TransactionEntry | null
}

/** Everything else the correction would change: lots, gains, wash sales, and from which day figures are other ones. */
export function CorrectionConsequences({ transactionId, entry }: CorrectionConsequencesProps) {
  const { data, loading, failure, reload } = useRead(CorrectionPreviewDocument, { id: transactionId, replacement: entry ? entryInput(entry) : null })
  return (
    <AnswerView
      value={data?.transactionCorrectionPreview}
      loading={loading}
      failure={failure}
      onRetry={reload}
      skeleton={
        <div role="status" aria-label={lotWords('loading')}>
          <SkeletonRows rows={4} />
        </div>
      }
    >
      {(preview) => <Consequences preview={preview} />}
    </AnswerView>
  )
}

function Consequences({ preview }: { preview: Preview }) {
  const { locale } = useEnvironment()
  const { lots, lotCount, gains, gainCount, gainSums, washSales } = preview
  const nothing = lotCount === 0 && gainCount === 0 && washSales.length === 0
  return (
    <div className="grid gap-4">
      <p className="flex items-baseline gap-1.5">
        <StatusShape is="attention" />
        {lotWords('changedFrom', { date: formatDate(locale, preview.changedFrom) })}
      </p>
      {nothing ? <p className="text-text-2">{lotWords('nothingTaxed')}</p> : null}
      {gainSums.length > 0 ? <Sums sums={gainSums} /> : null}
      {lots.length > 0 ? <LotChangeTable caption={lotWords('lots', { count: lotCount })} rows={lots} /> : null}
      {lots.length < lotCount ? <p className="text-12 text-text-2">{lotWords('first', { count: lots.length })}</p> : null}
      {gains.length > 0 ? <GainChangeTable caption={lotWords('gains', { count: gainCount })} rows={gains} /> : null}
      {gains.length < gainCount ? <p className="text-12 text-text-2">{lotWords('first', { count: gains.length })}</p> : null}
      {washSales.length > 0 ? <Washes rows={washSales} currency={preview.currency} /> : null}
      {preview.returns.length > 0 ? <Returns rows={preview.returns} /> : null}
      {preview.isPartial ? <p className="text-12 text-text-2">{lotWords('partial')}</p> : null}
      {nothing ? null : <p className="text-12 text-text-3">{lotWords('notAdvice')}</p>}
    </div>
  )
}

/** Net returns and values at their end, as they are and as they would be. */
function Returns({ rows }: { rows: Preview['returns'] }) {
  return (
    <table className="w-full">
      <caption className="pb-1 text-left font-semibold">{lotWords('returns')}</caption>
      <thead className="border-b border-line-strong text-12 text-text-2">
        <tr>
          <th scope="col" className="h-8 text-left font-medium">
            {lotWords('returnOf')}
          </th>
          <th scope="col" className="text-right font-medium">
            {lotWords('before')}
          </th>
          <th scope="col" className="text-right font-medium">
            {lotWords('after')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.scopeId} ${row.period}`} className="border-b border-line">
            <th scope="row" className="py-1.5 text-left align-top font-normal">
              {row.name} <span className="text-12 text-text-2">{row.period === 'CUSTOM' ? '' : periodWord(row.period)}</span>
            </th>
            <Side value={row.before} worth={row.valueBefore} currency={row.currency} />
            <Side value={row.after} worth={row.valueAfter} currency={row.currency} />
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Side({ value, worth, currency }: { value: string | null; worth: string | null; currency: string }) {
  return (
    <td className="py-1.5 text-right align-top">
      <Figure kind="percent" value={value} absent={lotWords('unknown')} />
      <div className="text-12 text-text-2">
        <Figure kind="money" value={worth} currency={currency} absent={lotWords('unknown')} />
      </div>
    </td>
  )
}

function Sums({ sums }: { sums: Preview['gainSums'] }) {
  return (
    <dl className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 rounded-surface border border-line p-3">
      <dt className="col-span-2 text-12 text-text-2">{lotWords('sums')}</dt>
      {sums.flatMap(({ account, gain, recognised, currency }) => [
        <dt key={`${account.id} name`}>{lotWords('sumsRow', { account: account.name })}</dt>,
        <dd key={`${account.id} gain`} className="text-right font-semibold">
          <Figure kind="money" value={gain} currency={currency} sign="always" absent={lotWords('unknown')} />
        </dd>,
        <dt key={`${account.id} after`} className="text-text-2">
          {lotWords('sumsRecognised', { account: account.name })}
        </dt>,
        <dd key={`${account.id} recognised`} className="text-right text-text-2">
          <Figure kind="money" value={recognised} currency={currency} sign="always" absent={lotWords('unknown')} />
        </dd>,
      ])}
    </dl>
  )
}

function Washes({ rows, currency }: { rows: Preview['washSales']; currency: string }) {
  const { locale } = useEnvironment()
  const effect = (one: WashSnapshotPartsFragment) => (one.effect === 'LOST' ? lotWords('lost') : one.effect === 'WARNING' ? lotWords('warned') : null)
  return (
    <ChangeTable
      caption={lotWords('washes', { count: rows.length })}
      what={lotWords('wash')}
      rows={rows}
      idOf={(one) => `${one.soldOn} ${one.boughtOn} ${one.account.id} ${one.security.id}`}
      nameOf={(one) => (
        <>
          {one.security.symbol ?? one.security.name}
          <span className="block text-12 font-normal text-text-2">
            {lotWords('washed', { units: one.units, sold: formatDate(locale, one.soldOn), bought: formatDate(locale, one.boughtOn) })}
          </span>
        </>
      )}
      cell={(one) => (
        <>
          <Figure kind="money" value={one.disallowed} currency={currency} />
          {signOf(one.disallowed) === 0 && effect(one) === null ? null : <span className="block text-12 text-text-2">{effect(one)}</span>}
        </>
      )}
    />
  )
}
