import { Link } from '@tanstack/react-router'
import SquareArrowOutUpRight from 'lucide-react/icons/square-arrow-out-up-right'
import { lazy, Suspense, useCallback, useEffect, useMemo } from 'react'
import { startRead, useData, useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { formatDate, formatInstant } from '@/domain/dates'
import { formatMoneyTick } from '@/domain/format'
import { can } from '@/domain/permissions'
import { PriceSources } from '@/desk/PriceSources'
import { PricePeekDocument, type PriceFindingFragment, type PricePeekQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { detailWords } from '@/ui/codeWords'
import { Drawer } from '@/ui/Drawer'
import { useEnvironment } from '@/ui/environment'
import { Figure, FigureBlock } from '@/ui/Figure'
import { FindingItem } from '@/ui/Findings'
import { Icon } from '@/ui/Icon'
import { Skeleton, SkeletonRows } from '@/ui/States'
import { dayWanted } from './search'
import { t } from './words'

const LineChart = lazy(() => import('@/ui/Chart').then((m) => ({ default: m.LineChart })))

type Security = NonNullable<PricePeekQuery['security']>

interface PricePeekProps {
  finding: PriceFindingFragment
  rows: readonly PriceFindingFragment[]
  total: number | null
  onMove: (id: string | null) => void
  onAccept: () => void
}

/** What is doubtful, the course around it, every source's word, and what can be done. */
export function PricePeek({ finding, rows, total, onMove, onAccept }: PricePeekProps) {
  const id = finding.subject?.id ?? ''
  const { data, loading, failure, reload } = useRead(PricePeekDocument, { id })
  const { client } = useData()
  useEffect(() => startRead(client, PricePeekDocument, { id }), [client, id])
  useChanged('prices', reload)
  const at = rows.findIndex((row) => row.id === finding.id)
  const previous = at > 0 ? rows[at - 1] : undefined
  const next = at >= 0 ? rows[at + 1] : undefined
  const close = useCallback(() => onMove(null), [onMove])
  const name = finding.subject?.label
  return (
    <Drawer
      label={name ? t('peek', { name }) : t('peekLoading')}
      onClose={close}
      onPrevious={previous ? () => onMove(previous.id) : undefined}
      onNext={next ? () => onMove(next.id) : undefined}
      {...(at >= 0 ? { position: { at: at + 1, of: total } } : {})}
      open={
        <Link to="/securities/$id" params={{ id }} aria-label={t('openSecurity')} className="inline-flex size-7 items-center justify-center rounded-control hover:bg-hover">
          <Icon of={SquareArrowOutUpRight} />
        </Link>
      }
      foot={
        finding.state === 'OPEN' && can(finding, 'RESOLVE_FINDING') ? (
          <Button look="primary" size="lg" className="flex-1" onPress={onAccept}>
            {t('accept')}
          </Button>
        ) : null
      }
    >
      <AnswerView
        value={data?.security}
        loading={loading}
        failure={failure}
        onRetry={reload}
        skeleton={
          <div className="grid gap-4">
            <Skeleton className="h-7 w-56" />
            <SkeletonRows rows={6} />
          </div>
        }
        missing={{ title: t('peekMissing'), hint: t('peekMissingHint') }}
      >
        {(security) => <PeekBody security={security} finding={finding} onChanged={reload} />}
      </AnswerView>
    </Drawer>
  )
}

function PeekBody({ security, finding, onChanged }: { security: Security; finding: PriceFindingFragment; onChanged: () => void }) {
  const { locale, timeZone, businessDate } = useEnvironment()
  const { latestPrice } = security
  const series = useMemo(
    () => [{ id: 'close', name: t('close'), role: 'own' as const, points: security.prices.map((price) => ({ date: price.date, value: price.close })) }],
    [security],
  )
  return (
    <div className="grid gap-4">
      <div>
        <h2 className="text-20 font-semibold display">
          <Link to="/securities/$id" params={{ id: security.id }} className="hover:underline">
            {security.symbol ? `${security.symbol} ` : ''}
            <span className={security.symbol ? 'font-medium text-text-2' : ''}>{security.name}</span>
          </Link>
        </h2>
        <p className="flex flex-wrap gap-x-3 text-12 text-text-2">
          <span>{security.currency}</span>
          {security.exchange ? <span>{security.exchange}</span> : null}
        </p>
      </div>
      <ul>
        <FindingItem finding={{ ...finding, subject: null }} />
      </ul>
      {finding.state === 'OPEN' || !finding.resolvedAt ? null : (
        <p className="text-text-2">
          {t(finding.state === 'DISMISSED' ? 'acceptedBy' : 'settledBy', { when: formatInstant(locale, finding.resolvedAt, timeZone), reason: finding.resolutionReason ?? '' })}
        </p>
      )}
      <FigureBlock label={t('latest')} sub={latestPrice ? t('priceOf', { date: formatDate(locale, latestPrice.date), source: detailWords(latestPrice.source) }) : null}>
        <Figure kind="price" value={latestPrice?.close} absent={t('noPrice')} />
      </FigureBlock>
      {security.prices.length > 1 ? (
        <Suspense fallback={<Skeleton className="h-40 w-full" />}>
          <LineChart
            label={t('course', { name: security.name })}
            series={series}
            kind="price"
            height={150}
            axisText={(value, step) => formatMoneyTick(locale, value, step, security.currency)}
          />
        </Suspense>
      ) : null}
      <PriceSources
        security={security}
        words={security.priceWords}
        mayOverride={can(security, 'OVERRIDE_PRICE')}
        day={dayWanted(finding.code, finding.params, businessDate) ?? latestPrice?.date ?? businessDate ?? ''}
        onChanged={onChanged}
      />
    </div>
  )
}
