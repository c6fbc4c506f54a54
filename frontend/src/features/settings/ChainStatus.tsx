import { useRead } from '@/data'
import { formatInstant } from '@/domain/dates'
import { AuditChainDocument, type AuditChainQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { cx } from '@/ui/cx'
import { useEnvironment } from '@/ui/environment'
import { Skeleton } from '@/ui/States'
import { StatusShape } from '@/ui/Status'
import { t } from './words'

const NOTHING = {}

/** Whether the chain of the audit log holds, up to which link, and how much is not sealed yet. */
export function ChainStatus() {
  const { data, loading, failure, reload } = useRead(AuditChainDocument, NOTHING)
  return (
    <section aria-label={t('chain')} className="mt-4">
      <AnswerView value={data?.auditChain} loading={loading} failure={failure} onRetry={reload} skeleton={<Skeleton className="h-20 w-full" />}>
        {(chain) => <Chain chain={chain} onVerify={reload} />}
      </AnswerView>
    </section>
  )
}

function Chain({ chain, onVerify }: { chain: AuditChainQuery['auditChain']; onVerify: () => void }) {
  const { locale, timeZone } = useEnvironment()
  return (
    <div className={cx('flex flex-wrap items-start justify-between gap-x-6 gap-y-2 rounded-surface border p-3', chain.verified ? 'border-line' : 'border-negative-line bg-negative-soft')}>
      <div className="min-w-0">
        <p role="status" className="flex items-center gap-2 font-semibold">
          <StatusShape is={chain.verified ? 'fine' : 'breach'} />
          {chain.verified ? t('chainVerified') : t('chainBroken', { seq: chain.brokenAtSeq ?? '' })}
        </p>
        <p className="text-text-2">{chain.message}</p>
        <p className="flex flex-wrap gap-x-3 text-12 text-text-3">
          <span>{t('chainSealed', { count: Number(chain.sealedCount) })}</span>
          <span>
            {t('chainUnsealed', { count: chain.unsealedCount })}
            {chain.unsealedCount > 0 && chain.oldestUnsealedAgeSeconds !== null ? `, ${t('chainOldest', { seconds: chain.oldestUnsealedAgeSeconds })}` : null}
          </span>
          <span>{t('chainAt', { when: formatInstant(locale, chain.verifiedAt, timeZone, true) })}</span>
        </p>
        {chain.headHash ? (
          <p className="text-12 text-text-3">
            {t('chainHead')}, {t('chainHeadAt', { seq: chain.headSeq })}: <code className="identifier font-[inherit] break-all text-text-2">{chain.headHash}</code>
          </p>
        ) : null}
      </div>
      <Button size="sm" onPress={onVerify}>
        {t('chainAgain')}
      </Button>
    </div>
  )
}
