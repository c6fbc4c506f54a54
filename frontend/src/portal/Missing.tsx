import { PortalLink } from './path'
import { pageText } from './pageWords'

const back = (
  <PortalLink to="/accounts" className="inline-flex min-h-11 items-center font-medium text-accent">
    {pageText('backToAccounts')}
  </PortalLink>
)

/** What is not there, or not for this person: the two are never told apart. */
export const Missing = {
  account: { title: pageText('missingAccount'), hint: pageText('missingAccountHint'), action: back },
  debt: { title: pageText('missingDebt'), hint: pageText('missingAccountHint'), action: back },
} as const
