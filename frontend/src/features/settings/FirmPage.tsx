import type { ReactNode } from 'react'
import { useRead } from '@/data'
import { codeName } from '@/ui/codeWords'
import { formatDate } from '@/domain/dates'
import { FirmSettingsDocument, type FirmSettingsQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { useEnvironment } from '@/ui/environment'
import { Figure } from '@/ui/Figure'
import { PageHeading, SectionHeading } from '@/ui/Heading'
import { usePageTitle } from '@/ui/title'
import { WeightBar } from '@/ui/WeightBar'
import { t } from './words'

const CRUMBS = [{ label: t('title'), to: '/settings' }]
const NOTHING = {}

/** What the firm is, and how much of its tier is in use. */
export function FirmPage() {
  usePageTitle(t('firmTitle'), CRUMBS)
  const { data, loading, failure, reload } = useRead(FirmSettingsDocument, NOTHING)
  return (
    <>
      <PageHeading sub={t('firmSub')}>{t('firmTitle')}</PageHeading>
      <AnswerView value={data?.firm} loading={loading} failure={failure} onRetry={reload}>
        {(firm) => <Facts firm={firm} />}
      </AnswerView>
    </>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-6 border-b border-line py-1">
      <dt className="text-text-2">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  )
}

function Facts({ firm }: { firm: FirmSettingsQuery['firm'] }) {
  const { locale } = useEnvironment()
  return (
    <div className="grid max-w-[896px] gap-x-10 gap-y-6 pt-4 lg:grid-cols-2">
      <dl>
        <Fact name={t('firmName')}>{firm.name}</Fact>
        <Fact name={t('firmAddress')}>{firm.slug}</Fact>
        <Fact name={t('tier')}>{codeName(firm.tier)}</Fact>
        <Fact name={t('currency')}>{firm.currency}</Fact>
        <Fact name={t('timeZone')}>{firm.timeZone}</Fact>
        <Fact name={t('locale')}>{firm.locale}</Fact>
        <Fact name={t('businessDate')}>{formatDate(locale, firm.businessDate)}</Fact>
        <Fact name={t('clock')}>{t(firm.clock === 'DEMO' ? 'clockDEMO' : 'clockLIVE')}</Fact>
        <Fact name={t('bookVersion')}>
          <Figure kind="count" value={firm.bookVersion} />
        </Fact>
        <Fact name={t('households')}>
          <Figure kind="count" value={String(firm.householdCount)} />
        </Fact>
        <Fact name={t('accounts')}>
          <Figure kind="count" value={String(firm.accountCount)} />
        </Fact>
        <Fact name={t('features')}>{firm.features.length > 0 ? firm.features.map((feature) => codeName(feature)).join(', ') : t('noFeatures')}</Fact>
      </dl>
      <section aria-label={t('limits')}>
        <SectionHeading>{t('limits')}</SectionHeading>
        <ul>
          {firm.limits.map((limit) => (
            <li key={limit.name} className="grid grid-cols-[minmax(0,1fr)_96px] items-center gap-x-4 border-b border-line py-2">
              <span>
                {codeName(limit.name)}
                <span className="block text-12 text-text-3">
                  <LimitUse limit={limit} />
                </span>
              </span>
              {limit.used === null ? null : <WeightBar share={share(limit.used, limit.limit)} />}
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}

/** For the length of the bar only. */
function share(used: string, limit: string): string {
  const whole = Number(limit)
  return whole > 0 ? String(Math.min(1, Number(used) / whole).toFixed(4)) : '0'
}

function LimitUse({ limit }: { limit: FirmSettingsQuery['firm']['limits'][number] }) {
  return (
    <>
      {limit.used === null ? null : (
        <>
          {t('used')} <Figure kind="count" value={limit.used} />,{' '}
        </>
      )}
      {t('limit')} {limit.name.includes('bytes') ? t('megabytes', { count: Number(limit.limit) / 1_000_000 }) : <Figure kind="count" value={limit.limit} />}
    </>
  )
}
