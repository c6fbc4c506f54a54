import { useContext, type ReactNode } from 'react'
import { useRead, useViewer } from '@/data'
import { StepUpContext } from '@/data/useCommand'
import { formatInstant } from '@/domain/dates'
import { MySecurityDocument } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { PageHeading } from '@/ui/Heading'
import { Status } from '@/ui/Status'
import { usePageTitle } from '@/ui/title'
import { t, roleName } from './words'
import type { RoleName } from './search'

const CRUMBS = [{ label: t('title'), to: '/settings' }]
const NOTHING = {}
const FEW_CODES = 3

/** How this app knows that it is this person. */
export function SecurityPage() {
  usePageTitle(t('securityTitle'), CRUMBS)
  const viewer = useViewer()
  const { locale, timeZone, now } = useEnvironment()
  const askStepUp = useContext(StepUpContext)
  const { data, loading, failure, reload } = useRead(MySecurityDocument, NOTHING)
  const confirm = async () => {
    if (await askStepUp(t('confirmSentence'))) reload()
  }
  return (
    <>
      <PageHeading sub={t('securitySub')}>{t('securityTitle')}</PageHeading>
      <dl className="max-w-[672px] pt-4">
        <Fact name={t('name')}>{viewer.name}</Fact>
        <Fact name={t('email')}>{viewer.email}</Fact>
        <Fact name={t('roles')}>{viewer.roles.map((role) => roleName(role as RoleName)).join(', ')}</Fact>
        <Fact name={t('access')}>{t(viewer.scope === 'LIMITED' ? 'limited' : 'firmWide')}</Fact>
        <AnswerView value={data?.viewer} loading={loading} failure={failure} onRetry={reload}>
          {({ mfaEnrolled, recoveryCodesLeft, steppedUpUntil }) => {
            const fresh = steppedUpUntil !== null && Date.parse(steppedUpUntil) > now().getTime()
            return (
              <>
                <Fact name={t('secondFactor')}>
                  <Status is={mfaEnrolled ? 'fine' : 'attention'}>{t(mfaEnrolled ? 'factorOn' : 'factorOff')}</Status>
                </Fact>
                {recoveryCodesLeft === null ? null : (
                  <Fact name={t('recovery')} hint={recoveryCodesLeft < FEW_CODES ? t('recoveryFew') : undefined}>
                    <Status is={recoveryCodesLeft < FEW_CODES ? 'attention' : 'fine'}>{t('recoveryLeft', { count: recoveryCodesLeft })}</Status>
                  </Fact>
                )}
                <Fact
                  name={t('confirmation')}
                  hint={t('confirmHint')}
                  action={
                    <Button size="sm" onPress={() => void confirm()}>
                      {t('confirmNow')}
                    </Button>
                  }
                >
                  <Status is={fresh ? 'fine' : 'waiting'}>{fresh ? t('confirmed', { when: formatInstant(locale, steppedUpUntil, timeZone) }) : t('notConfirmed')}</Status>
                </Fact>
              </>
            )
          }}
        </AnswerView>
        <Fact
          name={t('password')}
          hint={t('passwordHint')}
          action={
            <a href="/forgot-password" className="font-medium text-accent hover:underline">
              {t('passwordChange')}
            </a>
          }
        >
          {null}
        </Fact>
      </dl>
    </>
  )
}

function Fact({ name, hint, action, children }: { name: string; hint?: string | undefined; action?: ReactNode; children: ReactNode }) {
  return (
    <div className="flex min-h-11 flex-wrap items-center justify-between gap-x-6 gap-y-1 border-b border-line py-2">
      <dt>
        <span className="text-text-2">{name}</span>
        {hint ? <span className="block text-12 text-text-3">{hint}</span> : null}
      </dt>
      <dd className="flex flex-wrap items-center gap-x-4 gap-y-2 font-medium">
        {children}
        {action}
      </dd>
    </div>
  )
}
