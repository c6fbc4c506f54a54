import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useRead } from '@/data'
import { useBookChanged } from '@/data/changes'
import { formatDate } from '@/domain/dates'
import { can } from '@/domain/permissions'
import { NotesPanel } from '@/desk/NotesPanel'
import { AccountDocument, AccountOwnersDocument, type AccountOwnersQuery, type AccountQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { Figure } from '@/ui/Figure'
import { SectionHeading } from '@/ui/Heading'
import { partyWord } from '@/ui/party/words'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { AccountHistory, useSpan } from './AccountHistory'
import { accountRoute } from './routes'
import { t } from './words'

const AccountOwnersDialog = lazy(() => import('@/clients/AccountOwnersDialog').then((m) => ({ default: m.AccountOwnersDialog })))
const BeneficiariesDialog = lazy(() => import('@/clients/BeneficiariesDialog').then((m) => ({ default: m.BeneficiariesDialog })))
const EndDialog = lazy(() => import('@/clients/EndDialog').then((m) => ({ default: m.EndDialog })))

type Owned = NonNullable<AccountOwnersQuery['account']>
type Account = NonNullable<AccountQuery['account']>

/** Roles that count as owning; the others act for an owner. */
const OWNING: ReadonlySet<string> = new Set(['OWNER', 'JOINT_SURVIVORSHIP', 'JOINT_COMMON', 'MINOR'])
const ROW = 'flex min-h-10 items-center justify-between gap-3 border-b border-line py-1'

/** Who owns the account on the day, who acts for them, who is to have it, and what was noted about it. */
export function OwnersTab() {
  const { id } = accountRoute.useParams()
  const { asOf } = accountRoute.useSearch()
  const head = useRead(AccountDocument, { id, asOf: asOf ?? null })
  const { data, loading, failure, reload } = useRead(AccountOwnersDocument, { id, asOf: asOf ?? null })
  useBookChanged(reload)
  const [withHistory, setWithHistory] = useState(false)
  const account = head.data?.account ?? null
  return (
    <div className="grid gap-x-10 gap-y-8 lg:grid-cols-[minmax(0,1fr)_340px]">
      <div className="grid min-w-0 content-start gap-8">
        <AnswerView value={data?.account} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={6} />} forbidden={t('ownersForbidden')}>
          {(owned) => (
            <>
              <Owners owned={owned} account={account} search={asOf ? { asOf } : {}} />
              <Beneficiaries owned={owned} account={account} search={asOf ? { asOf } : {}} />
              <div>
                <button type="button" aria-expanded={withHistory} onClick={() => setWithHistory(!withHistory)} className="min-h-6 rounded-chip font-medium text-accent hover:underline">
                  {t(withHistory ? 'hideHistory' : 'showHistory')}
                </button>
              </div>
              {withHistory ? <AccountHistory id={id} /> : null}
              <Households owned={owned} account={account} />
              <Books owned={owned} />
            </>
          )}
        </AnswerView>
      </div>
      {account ? <NotesPanel key={id} subjectId={id} name={account.name} mayWrite={can(account, 'WRITE_NOTE')} /> : null}
    </div>
  )
}

interface PartProps {
  owned: Owned
  account: Account | null
  search: { asOf?: string }
}

const mayChange = (account: Account | null): account is Account => account !== null && can(account, 'EDIT_OWNERS')

function Owners({ owned, account, search }: PartProps) {
  const { locale } = useEnvironment()
  const [changing, setChanging] = useState(false)
  const isOnly = owned.owners.filter((owner) => OWNING.has(owner.role)).length === 1
  return (
    <section aria-label={t('owners')}>
      <SectionHeading
        aside={
          mayChange(account) ? (
            <Button look="link" size="sm" onPress={() => setChanging(true)}>
              {t('changeOwners')}
            </Button>
          ) : (
            owned.owners.length
          )
        }
      >
        {t('owners')}
      </SectionHeading>
      {changing && account ? (
        <Suspense fallback={null}>
          <AccountOwnersDialog account={{ ...account, householdId: account.households[0]?.id ?? null, owners: owned.owners }} onClose={() => setChanging(false)} />
        </Suspense>
      ) : null}
      {owned.owners.length === 0 ? (
        <EmptyState kind="first" title={t('noOwners')} className="py-4">
          {t('noOwnersHint')}
        </EmptyState>
      ) : (
        <ul>
          {owned.owners.map(({ party, role, share, effectiveFrom }) => (
            <li key={`${party.id} ${role}`} className={ROW}>
              <span className="min-w-0">
                <Link to="/parties/$id" params={{ id: party.id }} search={search} className="font-medium hover:underline">
                  {party.name}
                </Link>
                <span className="block text-12 text-text-3">
                  {partyWord('owner', role)}, {t('since', { date: formatDate(locale, effectiveFrom) })}
                </span>
              </span>
              <span className="text-right">
                {OWNING.has(role) ? <OwnedShare share={share ?? (isOnly ? '1' : null)} /> : <span className="text-text-3">{t('doesNotOwn')}</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** Owners without a share own equally. */
function OwnedShare({ share }: { share: string | null }) {
  return share === null ? t('equally') : <Figure kind="percent" value={share} className="font-medium" />
}

function Beneficiaries({ owned, account, search }: PartProps) {
  const [changing, setChanging] = useState(false)
  return (
    <section aria-label={t('beneficiaries')}>
      <SectionHeading
        aside={
          mayChange(account) ? (
            <Button look="link" size="sm" onPress={() => setChanging(true)}>
              {t('changeHeirs')}
            </Button>
          ) : (
            owned.beneficiaries.length
          )
        }
      >
        {t('beneficiaries')}
      </SectionHeading>
      {changing && account ? (
        <Suspense fallback={null}>
          <BeneficiariesDialog account={{ ...account, householdId: account.households[0]?.id ?? null, beneficiaries: owned.beneficiaries }} onClose={() => setChanging(false)} />
        </Suspense>
      ) : null}
      {owned.beneficiaries.length === 0 ? (
        <EmptyState kind="none" title={t('noBeneficiaries')} className="py-4">
          {t('noBeneficiariesHint')}
        </EmptyState>
      ) : (
        <ul>
          {owned.beneficiaries.map(({ partyId, name, tier, share, isPerStirpes }) => (
            <li key={`${name} ${tier}`} className={ROW}>
              <span className="min-w-0">
                {partyId ? (
                  <Link to="/parties/$id" params={{ id: partyId }} search={search} className="font-medium hover:underline">
                    {name}
                  </Link>
                ) : (
                  <span className="font-medium">{name}</span>
                )}
                <span className="block text-12 text-text-3">
                  {partyWord('tier', tier)}
                  {isPerStirpes ? `, ${t('perStirpes')}` : ''}
                </span>
              </span>
              <Figure kind="percent" value={share} className="font-medium" />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** The households it belongs to and belonged to, with the days. */
function Households({ owned, account }: { owned: Owned; account: Account | null }) {
  const span = useSpan()
  const [leaving, setLeaving] = useState<{ id: string; name: string } | null>(null)
  return (
    <section aria-label={t('households')}>
      <SectionHeading>{t('households')}</SectionHeading>
      {owned.householdHistory.length === 0 ? <p className="py-2 text-text-2">{t('noHouseholds')}</p> : null}
      <ul>
        {owned.householdHistory.map(({ household, effectiveFrom, effectiveTo }) => (
          <li key={`${household.id} ${effectiveFrom}`} className={ROW}>
            <span className="min-w-0">
              <Link to="/households/$id" params={{ id: household.id }} className="font-medium hover:underline">
                {household.name}
              </Link>
              <span className="block text-12 text-text-3">{span(effectiveFrom, effectiveTo)}</span>
            </span>
            {mayChange(account) && effectiveTo === null ? (
              <Button look="link" size="sm" aria-label={t('leaveOf', { account: account.name, household: household.name })} onPress={() => setLeaving(household)}>
                {t('leave')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {leaving && account ? (
        <Suspense fallback={null}>
          <EndDialog
            ending={{ what: 'account', householdId: leaving.id, accountId: account.id, sentence: t('leaveSentence', { account: account.name, household: leaving.name }) }}
            onClose={() => setLeaving(null)}
          />
        </Suspense>
      ) : null}
    </section>
  )
}

function Books({ owned }: { owned: Owned }) {
  return (
    <section aria-label={t('books')}>
      <SectionHeading>{t('books')}</SectionHeading>
      {owned.assignments.length === 0 ? <p className="py-2 text-text-2">{t('noBooks')}</p> : null}
      <ul>
        {owned.assignments.map((book) => (
          <li key={`${book.bookId} ${book.effectiveFrom}`} className={ROW}>
            <span>
              <span className="identifier">{book.code}</span> {book.name}
            </span>
            <Figure kind="percent" value={book.split} />
          </li>
        ))}
      </ul>
    </section>
  )
}
