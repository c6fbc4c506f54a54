import { Link } from '@tanstack/react-router'
import UserPlus from 'lucide-react/icons/user-plus'
import { lazy, Suspense, useState } from 'react'
import { useMay, useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { PartyAccessDocument, type PartyAccessQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { SectionHeading } from '@/ui/Heading'
import { Status, type StatusKind } from '@/ui/Status'
import type { Somebody } from './search'
import { t } from './words'

const InviteClientDialog = lazy(() => import('./InviteClientDialog').then((m) => ({ default: m.InviteClientDialog })))
const GrantDialog = lazy(() => import('./GrantDialog').then((m) => ({ default: m.GrantDialog })))

export type PartyAccess = NonNullable<PartyAccessQuery['party']>
const SHAPES: Record<PartyAccess['users'][number]['status'], StatusKind> = { INVITED: 'waiting', ACTIVE: 'fine', DEACTIVATED: 'cancelled' }

/** Whether a person of the book can sign in, as whom, and the invitation; what they then see is granted. */
export function PortalAccess({ id }: { id: string }) {
  const { data, loading, failure, reload } = useRead(PartyAccessDocument, { id })
  useChanged('people', reload)
  return (
    <section aria-label={t('portal')}>
      <SectionHeading>{t('portal')}</SectionHeading>
      <AnswerView value={data?.party} loading={loading} failure={failure} onRetry={reload}>
        {(party) => <Access party={party} onChanged={reload} />}
      </AnswerView>
    </section>
  )
}

function Access({ party, onChanged }: { party: PartyAccess; onChanged: () => void }) {
  const invites = useMay('users.invite')
  const reads = useMay('grants.read')
  const manages = useMay('grants.manage')
  const [inviting, setInviting] = useState(false)
  const [granting, setGranting] = useState<Somebody | null>(null)
  const signsIn = party.users.some((user) => user.status !== 'DEACTIVATED')
  return (
    <>
      <ul>
        {party.users.map((user) => (
          <li key={user.id} className="grid gap-0.5 border-b border-line py-2">
            <p className="flex flex-wrap items-center justify-between gap-x-3">
              <span className="min-w-0 break-all">{user.email}</span>
              <Status is={SHAPES[user.status]}>{t(user.status)}</Status>
            </p>
            {reads && user.status !== 'DEACTIVATED' ? (
              <Link to="/settings/access/$id" params={{ id: user.id }} aria-label={t('whatTheySeeOf', { name: user.name })} className="text-12 text-accent hover:underline">
                {t('whatTheySee')}
              </Link>
            ) : null}
          </li>
        ))}
      </ul>
      {signsIn ? (
        <p className="py-2 text-12 text-text-2">{t('portalAlone', { name: party.name })}</p>
      ) : (
        <div className="grid justify-items-start gap-2 py-3">
          <p>
            <Status is="waiting">{t('portalNone')}</Status>
          </p>
          <p className="text-12 text-text-2">{t('portalNoneHint', { name: party.name })}</p>
          {invites && party.status !== 'DECEASED' ? (
            <Button icon={UserPlus} onPress={() => setInviting(true)}>
              {t('invite')}
            </Button>
          ) : null}
        </div>
      )}
      <Suspense fallback={null}>
        {inviting ? (
          <InviteClientDialog
            party={party}
            onClose={() => setInviting(false)}
            onInvited={(user) => {
              onChanged()
              // Who may grant goes on to what this person is to see.
              if (manages) setGranting(user)
            }}
          />
        ) : null}
        {granting ? (
          <GrantDialog who={granting} what={{ id: party.id, label: party.name, kind: 'party' }} as="SELF" onClose={() => setGranting(null)} onChanged={onChanged} />
        ) : null}
      </Suspense>
    </>
  )
}
