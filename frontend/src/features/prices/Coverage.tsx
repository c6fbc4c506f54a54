import { useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { PriceCoverageDocument, type PriceCoverageQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { detailWords } from '@/ui/codeWords'
import { DataGrid, type GridColumn } from '@/ui/DataGrid'
import { Figure } from '@/ui/Figure'
import { SectionHeading } from '@/ui/Heading'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { Status, StatusShape } from '@/ui/Status'
import { t } from './words'

type Day = PriceCoverageQuery['priceCoverage'][number]
type Rate = PriceCoverageQuery['fxRates'][number]

const NOTHING = {}

const DAYS: GridColumn<Day>[] = [
  {
    id: 'day',
    header: t('day'),
    cell: (row) => (
      <span className="inline-flex items-center gap-2">
        <StatusShape is={row.expectedCount === 0 ? 'waiting' : row.pricedCount === row.expectedCount ? 'fine' : 'attention'} />
        <Figure kind="date" value={row.date} />
      </span>
    ),
    width: '1fr',
    minWidth: 124,
    primary: true,
  },
  { id: 'expected', header: t('expected'), cell: (row) => <Figure kind="count" value={String(row.expectedCount)} />, width: 88, align: 'right', from: 420 },
  { id: 'priced', header: t('priced'), cell: (row) => <Figure kind="count" value={String(row.pricedCount)} />, width: 76, align: 'right' },
  { id: 'missing', header: t('missing'), cell: (row) => <Figure kind="count" value={String(row.expectedCount - row.pricedCount)} />, width: 76, align: 'right' },
  { id: 'manual', header: t('manual'), cell: (row) => <Figure kind="count" value={String(row.manualCount)} />, width: 76, align: 'right', secondary: true, from: 520 },
  { id: 'synthetic', header: t('synthetic'), cell: (row) => <Figure kind="count" value={String(row.syntheticCount)} />, width: 88, align: 'right', secondary: true, from: 600 },
]

const RATES: GridColumn<Rate>[] = [
  {
    id: 'pair',
    header: t('pair'),
    cell: (row) => (
      <span className="inline-flex items-center gap-2">
        <StatusShape is={row.isStale ? 'attention' : 'fine'} />
        {row.base}/{row.quote}
        <span className="sr-only">{row.isStale ? t('stale') : t('fresh')}</span>
      </span>
    ),
    width: '1fr',
    minWidth: 104,
    primary: true,
  },
  { id: 'rate', header: t('rate'), cell: (row) => <Figure kind="price" value={row.rate} />, width: 96, align: 'right' },
  { id: 'before', header: t('before'), cell: (row) => (row.before ? <Figure kind="price" value={row.before} /> : ''), width: 96, align: 'right', secondary: true, from: 480 },
  { id: 'of', header: t('of'), cell: (row) => <Figure kind="date" value={row.date} />, width: 104, align: 'right' },
  { id: 'source', header: t('source'), cell: (row) => detailWords(row.source), width: '1fr', minWidth: 120, secondary: true, from: 560 },
]

/** How far the last days are priced, and the rates the books are valued at. */
export function Coverage() {
  const { data, loading, failure, reload } = useRead(PriceCoverageDocument, NOTHING)
  useChanged('prices', reload)
  return (
    <AnswerView value={data} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={10} />} forbidden={t('forbidden')}>
      {({ priceCoverage, fxRates }) => (
        <div className="grid gap-x-10 gap-y-8 overflow-y-auto py-4 xl:grid-cols-2">
          <section aria-label={t('coverage')} className="min-w-0">
            <SectionHeading>{t('coverage')}</SectionHeading>
            <DataGrid
              label={t('coverage')}
              rows={[...priceCoverage].reverse()}
              rowId={(row) => row.date}
              rowName={(row) => row.date}
              columns={DAYS}
              scroll="page"
              empty={
                <EmptyState kind="first" title={t('noCoverage')} className="py-4">
                  {t('noCoverageHint')}
                </EmptyState>
              }
            />
            <p className="py-1.5 text-12 text-text-3">{t('coverageBasis')}</p>
          </section>
          <section aria-label={t('rates')} className="min-w-0">
            <SectionHeading aside={fxRates.some((rate) => rate.isStale) ? <Status is="attention">{t('stale')}</Status> : null}>{t('rates')}</SectionHeading>
            <DataGrid
              label={t('rates')}
              rows={fxRates}
              rowId={(row) => `${row.base}${row.quote}`}
              rowName={(row) => `${row.base}/${row.quote}`}
              columns={RATES}
              scroll="page"
              empty={
                <EmptyState kind="first" title={t('noRates')} className="py-4">
                  {t('noRatesHint')}
                </EmptyState>
              }
            />
            <p className="py-1.5 text-12 text-text-3">{t('ratesBasis')}</p>
          </section>
        </div>
      )}
    </AnswerView>
  )
}
