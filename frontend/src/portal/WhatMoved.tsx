import { useRead } from '@/data/hooks'
import { texts } from '@/domain/text'
import { PortalMovedDocument, type PerformancePeriod, type PerformanceScope } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { MoneyFigure } from '@/ui/Figure'
import { BarList } from '@/ui/performance/Bars'
import { ReturnFigure } from '@/ui/performance/ReturnFigure'
import { SkeletonRows } from '@/ui/States'
import { Fact, Section } from './parts'
import messages from './performance.messages'

const perfText = texts(messages)
const TOUCHED = 'inline-flex min-h-11 min-w-11 items-center justify-end'

/** Which investments moved the return of the period, and what was earned, paid in and taken as fees. */
export function WhatMoved({ scope, period, periodName }: { scope: PerformanceScope; period: PerformancePeriod; periodName: string }) {
  const { data, loading, failure, reload } = useRead(PortalMovedDocument, { scope, period })
  return (
    <AnswerView value={data?.performance} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={6} />}>
      {({ contribution, chosen }) => {
        const money = chosen[0]
        return (
          <>
            <Section
              title={`${perfText('whatMoved')}, ${periodName.toLowerCase()}`}
              aside={<ReturnFigure figure={contribution.total} name={perfText('whatMoved')} className={TOUCHED} absent={perfText('noFigure')} />}
            >
              {contribution.rows.length === 0 ? <p className="py-3 text-text-2 first-letter:uppercase">{contribution.total.reason?.message ?? perfText('nothing')}</p> : null}
              <BarList tall label={perfText('whatMoved')} rows={contribution.rows.map((row) => ({ key: row.key, label: row.label, value: row.contribution }))} />
            </Section>
            {money ? (
              <dl className="pt-6">
                <Fact name={perfText('gain')}>
                  <MoneyFigure figure={money.gain} name={perfText('gain')} sign="always" tone="gain" className={TOUCHED} />
                </Fact>
                <Fact name={perfText('moneyIn')}>
                  <MoneyFigure figure={money.netFlows} name={perfText('moneyIn')} sign="always" className={TOUCHED} />
                </Fact>
                <Fact name={perfText('fees')}>
                  <MoneyFigure figure={money.fees} name={perfText('fees')} className={TOUCHED} />
                </Fact>
              </dl>
            ) : null}
          </>
        )
      }}
    </AnswerView>
  )
}
