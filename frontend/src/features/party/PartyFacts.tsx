import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { formatDate } from '@/domain/dates'
import { can } from '@/domain/permissions'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { SectionHeading } from '@/ui/Heading'
import { partyWord } from '@/ui/party/words'
import { EmptyState } from '@/ui/States'
import { Status } from '@/ui/Status'
import type { PartyAct } from './PartyActions'
import type { Party } from './PartyPage'
import { Sensitive } from '@/clients/Sensitive'
import { t } from './words'

const EndDialog = lazy(() => import('@/clients/EndDialog').then((m) => ({ default: m.EndDialog })))

/** The books' word for "as long as anybody knows". */
const SINCE_EVER = '1900-01-01'

interface PartProps {
  party: Party
  search: { asOf?: string }
  onAct: (act: PartyAct) => void
}

/** The way to change one part, for those who may. */
function ActButton({ party, act, onAct, children }: { party: Party; act: PartyAct; onAct: (act: PartyAct) => void; children: string }) {
  return can(party, 'EDIT_PARTY') ? (
    <Button look="link" size="sm" onPress={() => onAct(act)}>
      {children}
    </Button>
  ) : null
}

/** Contacts, facts with the secret ones masked, and relationships. */
export function PartyFacts({ party, search, onAct }: PartProps) {
  return (
    <div className="grid min-w-0 content-start gap-8">
      <Contacts party={party} onAct={onAct} />
      <Facts party={party} onAct={onAct} />
      <Relationships party={party} search={search} onAct={onAct} />
    </div>
  )
}

function Contacts({ party, onAct }: Omit<PartProps, 'search'>) {
  return (
    <section aria-label={t('contacts')}>
      <SectionHeading
        aside={
          <ActButton party={party} act="contacts" onAct={onAct}>
            {t('editContacts')}
          </ActButton>
        }
      >
        {t('contacts')}
      </SectionHeading>
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

function Facts({ party, onAct }: Omit<PartProps, 'search'>) {
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
      <SectionHeading
        aside={
          <ActButton party={party} act="edit" onAct={onAct}>
            {t('editFacts')}
          </ActButton>
        }
      >
        {t('facts')}
      </SectionHeading>
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

function Relationships({ party, search, onAct }: PartProps) {
  const { locale } = useEnvironment()
  const [ending, setEnding] = useState<{ id: string; sentence: string } | null>(null)
  const lacksTrustee = party.kind === 'TRUST' && !party.relationships.some((one) => one.kind === 'TRUSTEE' && one.isInverse)
  if (party.relationships.length === 0 && !can(party, 'EDIT_PARTY')) return null
  return (
    <section aria-label={t('relationships')}>
      <SectionHeading
        aside={
          can(party, 'EDIT_PARTY') ? (
            <ActButton party={party} act="relate" onAct={onAct}>
              {t('addRelationship')}
            </ActButton>
          ) : (
            party.relationships.length
          )
        }
      >
        {t('relationships')}
      </SectionHeading>
      {lacksTrustee ? (
        <p className="py-2">
          <Status is="attention">{t('noTrustee')}</Status>
          <span className="block text-12 text-text-3">{t('noTrusteeHint')}</span>
        </p>
      ) : party.relationships.length === 0 ? (
        <p className="py-2 text-text-2">{t('noRelationships')}</p>
      ) : null}
      <ul>
        {party.relationships.map(({ id, kind, isInverse, other, effectiveFrom }) => {
          const link = (
            <Link to="/parties/$id" params={{ id: other.id }} search={search} className="font-medium hover:underline">
              {other.name}
            </Link>
          )
          const names = isInverse ? [other.name, party.name] : [party.name, other.name]
          const sentence = t('relation', { one: names[0] ?? '', standing: partyWord('edge', kind), other: names[1] ?? '' })
          return (
            <li key={id} className="flex min-h-9 items-center justify-between gap-3 border-b border-line py-1">
              <span className="min-w-0">
                {isInverse ? link : party.name} <span className="text-text-2">{partyWord('edge', kind)}</span> {isInverse ? party.name : link}
              </span>
              <span className="flex shrink-0 items-center gap-3 text-12 text-text-3">
                {effectiveFrom > SINCE_EVER ? t('since', { date: formatDate(locale, effectiveFrom) }) : null}
                {can(party, 'EDIT_PARTY') ? (
                  <Button look="link" size="sm" aria-label={t('endOf', { sentence })} onPress={() => setEnding({ id, sentence })}>
                    {t('end')}
                  </Button>
                ) : null}
              </span>
            </li>
          )
        })}
      </ul>
      {ending ? (
        <Suspense fallback={null}>
          <EndDialog ending={{ what: 'relationship', ...ending }} onClose={() => setEnding(null)} />
        </Suspense>
      ) : null}
    </section>
  )
}
