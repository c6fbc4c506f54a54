import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { formatDate } from '@/domain/dates'
import { HouseholdMembersOverTimeDocument } from '@/generated/graphql'
import { useEnvironment } from '@/ui/environment'
import { partyWord } from '@/ui/party/words'
import { SkeletonRows } from '@/ui/States'
import { o } from './onboardingWords'

/** The books' word for "as long as anybody knows". */
const SINCE_EVER = '1900-01-01'

/** Those who belonged to the household, asked for when somebody wants to know. */
export function FormerMembers({ id }: { id: string }) {
  const [shown, setShown] = useState(false)
  return (
    <div className="pt-2">
      <button type="button" aria-expanded={shown} onClick={() => setShown(!shown)} className="min-h-6 rounded-chip font-medium text-accent hover:underline">
        {o(shown ? 'formerHide' : 'formerShow')}
      </button>
      {shown ? <Former id={id} /> : null}
    </div>
  )
}

function Former({ id }: { id: string }) {
  const { locale } = useEnvironment()
  const { data, loading, reload } = useRead(HouseholdMembersOverTimeDocument, { id })
  useChanged('clients', reload)
  if (loading) return <SkeletonRows rows={2} />
  const left = (data?.household?.memberHistory ?? []).filter((member) => member.effectiveTo !== null)
  if (left.length === 0) return <p className="py-2 text-text-2">{o('formerNone')}</p>
  return (
    <ul aria-label={o('former')}>
      {left.map(({ party, role, effectiveFrom, effectiveTo }) => (
        <li key={`${party.id} ${effectiveFrom}`} className="flex min-h-10 items-center justify-between gap-3 border-b border-line">
          <Link to="/parties/$id" params={{ id: party.id }} className="font-medium hover:underline">
            {party.name}
          </Link>
          <span className="text-right text-12 text-text-2">
            {partyWord('member', role)}
            <span className="block text-text-3">
              {o('formerSpan', { from: effectiveFrom > SINCE_EVER ? formatDate(locale, effectiveFrom) : o('sinceEver'), to: effectiveTo ? formatDate(locale, effectiveTo) : '' })}
            </span>
          </span>
        </li>
      ))}
    </ul>
  )
}
