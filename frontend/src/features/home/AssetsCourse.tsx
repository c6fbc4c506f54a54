import { useRead } from '@/data'
import { formatMoneyTick } from '@/domain/format'
import { FirmHistoryDocument } from '@/generated/graphql'
import { LineChart } from '@/ui/Chart'
import { useEnvironment } from '@/ui/environment'
import { ErrorState, Skeleton } from '@/ui/States'
import { t } from './words'

const NOTHING = {}
export const COURSE_HEIGHT = 220

/** What the accounts this person may see were worth at the end of each of the last twelve months, and now. */
export function AssetsCourse({ currency }: { currency: string }) {
  const { locale } = useEnvironment()
  const { data, failure, reload } = useRead(FirmHistoryDocument, NOTHING)
  if (failure && !data) return <ErrorState message={failure.message} requestId={failure.requestId} onRetry={reload} />
  if (!data) return <Skeleton className="h-full w-full" />
  const points = data.firm.valueHistory.map(({ date, value }) => ({ date, value: value ?? null }))
  return (
    <LineChart
      label={t('course')}
      kind="money"
      currency={currency}
      height={COURSE_HEIGHT}
      axisText={(value, step) => formatMoneyTick(locale, value, step, currency)}
      series={[{ id: 'assets', name: t('assets'), role: 'own', points }]}
    />
  )
}
