import { PortalLink } from './path'
import { t } from './words'

const back = (
  <PortalLink to="/accounts" className="inline-flex min-h-11 items-center font-medium text-accent">
    {t('backToAccounts')}
  </PortalLink>
)

/** What is not there, or not for this person: the two are never told apart. */
export const Missing = {
  account: { title: t('missingAccount'), hint: t('missingAccountHint'), action: back },
  debt: { title: t('missingDebt'), hint: t('missingAccountHint'), action: back },
} as const
