import { formatPercent } from '@/domain/format'
import type { CompositeReportQuery } from '@/generated/graphql'
import { useEnvironment } from '@/ui/environment'
import { Figure, MoneyFigure } from '@/ui/Figure'
import { ReturnFigure } from '@/ui/performance/ReturnFigure'
import { t } from './words'

type Year = NonNullable<CompositeReportQuery['composite']>['years'][number]

const CELL = 'py-1.5 pl-4 text-right align-top whitespace-nowrap max-sm:pl-3'

/** The GIPS table: a row a year, net beside gross, the latest first. */
export function YearTable({ years, hasBenchmark }: { years: readonly Year[]; hasBenchmark: boolean }) {
  const heads = [t('net'), t('gross'), ...(hasBenchmark ? [t('benchmark')] : []), t('dispersion'), t('deviation'), t('count'), t('assets'), t('firmAssets')]
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-14 max-sm:text-12">
        <caption className="sr-only">{t('reportCaption')}</caption>
        <thead className="text-12 text-text-2">
          <tr className="border-b border-line-strong">
            <th scope="col" className="h-9 text-left font-medium">
              {t('year')}
            </th>
            {heads.map((head) => (
              <th key={head} scope="col" className="h-9 pl-4 text-right font-medium max-sm:pl-3">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...years].reverse().map((year) => (
            <Row key={year.year} year={year} hasBenchmark={hasBenchmark} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ year, hasBenchmark }: { year: Year; hasBenchmark: boolean }) {
  const { locale } = useEnvironment()
  const name = (figure: string) => t('figureOf', { figure, year: String(year.year) })
  const isWhole = year.monthCount === 12
  return (
    <tr className="border-t border-line first:border-t-0">
      <th scope="row" className="py-1.5 text-left align-top font-medium whitespace-nowrap">
        {year.year}
        {isWhole ? null : <span className="block text-12 font-normal text-text-3">{t('months', { count: year.monthCount })}</span>}
      </th>
      <td className={CELL}>
        <ReturnFigure figure={year.net} name={name(t('net'))} className="font-semibold" />
      </td>
      <td className={CELL}>
        <ReturnFigure figure={year.gross} name={name(t('gross'))} />
      </td>
      {hasBenchmark ? (
        <td className={CELL}>
          <ReturnFigure figure={year.benchmark} name={name(t('benchmark'))} />
        </td>
      ) : null}
      <td className={CELL}>
        <ReturnFigure figure={year.assetWeightedDispersion} name={name(t('dispersion'))} sign="never" />
        {year.equalWeightedDispersion.value === null ? null : (
          <span className="block text-12 text-text-3">
            <ReturnFigure figure={year.equalWeightedDispersion} name={name(t('dispersionEqual'))} sign="never" /> {t('dispersionEqual')}
          </span>
        )}
        {year.lowest === null || year.highest === null ? null : (
          <span className="block text-12 text-text-3">{t('range', { low: formatPercent(locale, year.lowest), high: formatPercent(locale, year.highest) })}</span>
        )}
      </td>
      <td className={CELL}>
        <ReturnFigure figure={year.deviation} name={name(t('deviation'))} sign="never" />
        {year.benchmarkDeviation?.value ? (
          <span className="block text-12 text-text-3">
            <ReturnFigure figure={year.benchmarkDeviation} name={name(t('deviationBeside'))} sign="never" /> {t('deviationBeside')}
          </span>
        ) : null}
      </td>
      <td className={CELL}>
        <Figure kind="count" value={String(year.memberCount)} />
      </td>
      <td className={CELL}>
        <MoneyFigure figure={year.assets} name={name(t('assets'))} />
      </td>
      <td className={CELL}>
        <MoneyFigure figure={year.firmAssets} name={name(t('firmAssets'))} />
      </td>
    </tr>
  )
}
