import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { formatDate } from '@/domain/dates'
import { can } from '@/domain/permissions'
import { useEnvironment } from '@/ui/environment'
import { SectionHeading } from '@/ui/Heading'
import { partyWord } from '@/ui/party/words'
import { EmptyState } from '@/ui/States'
import type { Party } from './PartyPage'
import { Sensitive } from './Sensitive'
import { t } from './words'

/** The books' word for "as long as anybody knows". */
const SINCE_EVER = '1900-01-01'

/** Contacts, facts with the secret ones masked, and relationships. */
export function PartyFacts({ party, search }: { party: Party; search: { asOf?: string } }) {
  return (
    <div className="grid min-w-0 content-start gap-8">
      <Contacts party={party} />
      <Facts party={party} />
      <Relationships party={party} search={search} />
    </div>
  )
}

function Contacts({ party }: { party: Party }) {
  return (
    <section aria-label={t('contacts')}>
      <SectionHeading>{t('contacts')}</SectionHeading>
      {party.contacts.length === 0 ? (
        <EmptyState kind="first" title={t('noContacts')} className="py-4">
          {t('noContactsHint')}
        </EmptyState>
      ) : (
        <dl>
          {party.contacts.map((contact) => (
            <Fact key={`${contact.kind} ${contact.value}`} name={contact.label || partyWord('contact', contact.kind)}>
              <span className="whitespace-pre-line break-words">{contact.value}</span>
              {contact.isPrimary ? <span className="ml-2 text-12 text-text-3">{t('primary')}</span> : null}
            </Fact>
          ))}
        </dl>
      )}
    </section>
  )
}

function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className="flex min-h-9 items-center justify-between gap-4 border-b border-line py-1">
      <dt className="shrink-0 text-text-2 first-letter:uppercase">{name}</dt>
      <dd className="min-w-0 text-right">{children}</dd>
    </div>
  )
}

function Facts({ party }: { party: Party }) {
  const { locale } = useEnvironment()
  const day = (date: string | null) => (date ? formatDate(locale, date) : null)
  const isPerson = party.kind === 'PERSON'
  const mayReveal = can(party, 'REVEAL_SENSITIVE')
  const plain: [string, string | null][] = [
    [t('citizenship'), party.citizenship],
    [t('residence'), party.residence],
    [t('jurisdiction'), party.jurisdiction],
    [t('formedOn'), day(party.formedOn)],
    [t(isPerson ? 'deceasedOn' : 'endedOn'), day(party.endedOn)],
    [t('kycVerifiedOn'), day(party.kycVerifiedOn)],
    [t('kycRefreshDue'), day(party.kycRefreshDue)],
    [t('riskAssessedOn'), day(party.riskAssessedOn)],
  ]
  return (
    <section aria-label={t('facts')}>
      <SectionHeading>{t('facts')}</SectionHeading>
      <dl>
        <Fact name={t('status')}>{partyWord('status', party.status)}</Fact>
        {isPerson ? (
          <Fact name={t('birthDate')}>
            {party.birthDateKnown ? <Sensitive subject={party} field="BIRTH_DATE" what={t('birthDate')} masked={t('kept')} mayReveal={mayReveal} /> : t('unknown')}
          </Fact>
        ) : null}
        <Fact name={party.taxIdType ?? t('taxId')}>
          {party.taxIdLast4 ? (
            <Sensitive subject={party} field="TAX_ID" what={t('taxId')} masked={<span className="identifier">•••••{party.taxIdLast4}</span>} mayReveal={mayReveal} />
          ) : (
            t('unknown')
          )}
        </Fact>
        {plain.map(([name, value]) =>
          value ? (
            <Fact key={name} name={name}>
              {value}
            </Fact>
          ) : null,
        )}
      </dl>
    </section>
  )
}

function Relationships({ party, search }: { party: Party; search: { asOf?: string } }) {
  const { locale } = useEnvironment()
  if (party.relationships.length === 0) return null
  return (
    <section aria-label={t('relationships')}>
      <SectionHeading aside={party.relationships.length}>{t('relationships')}</SectionHeading>
      <ul>
        {party.relationships.map(({ id, kind, isInverse, other, effectiveFrom }) => {
          const link = (
            <Link to="/parties/$id" params={{ id: other.id }} search={search} className="font-medium hover:underline">
              {other.name}
            </Link>
          )
          return (
            <li key={id} className="flex min-h-9 items-center justify-between gap-3 border-b border-line py-1">
              <span className="min-w-0">
                {isInverse ? link : party.name} <span className="text-text-2">{partyWord('edge', kind)}</span> {isInverse ? party.name : link}
              </span>
              {effectiveFrom > SINCE_EVER ? <span className="shrink-0 text-12 text-text-3">{t('since', { date: formatDate(locale, effectiveFrom) })}</span> : null}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
