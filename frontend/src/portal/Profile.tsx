import LogOut from 'lucide-react/icons/log-out'
import { useState, type ReactNode } from 'react'
import { useFirm } from '@/data/context'
import { useAct, useRead } from '@/data/hooks'
import { session } from '@/data/session'
import { dayBefore, formatDate, formatInstant } from '@/domain/dates'
import { formatMoney } from '@/domain/format'
import { can } from '@/domain/permissions'
import { PortalProfileDocument, PortalRevokeSessionDocument, type PortalProfileQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { Dialog } from '@/ui/Overlay'
import { setPrivacy, setScheme, usePreferences } from '@/ui/preferences'
import { Status } from '@/ui/Status'
import { toast } from '@/ui/Toast'
import { usePageTitle } from '@/ui/title'
import { accessWords, relationWords, type Access } from './Capacity'
import { ChangeDialog, ContactList, DetailsList, useSendRequest } from './Details'
import { Fact, Section } from './parts'
import { pageText } from './pageWords'
import { t } from './words'

type Viewer = PortalProfileQuery['viewer']
const NOTHING = {}
const FEW_CODES = 3

/** Who this is, what they may see and why, and how they sign in. */
export function Profile({ onChanged }: { onChanged: () => void }) {
  const { data, loading, failure, reload } = useRead(PortalProfileDocument, NOTHING)
  usePageTitle(pageText('profile'))
  const changed = () => {
    reload()
    onChanged()
  }
  return (
    <AnswerView value={data?.viewer} loading={loading} failure={failure} onRetry={reload} isPage="framed">
      {(viewer) => (
        <div className="grid gap-x-12 gap-y-8 min-[900px]:grid-cols-2 min-[900px]:items-start">
          <div className="min-[900px]:col-span-2">
            <h1 className="text-24 font-semibold display">{viewer.name}</h1>
            <p className="text-text-2">{viewer.email}</p>
          </div>
          <Own viewer={viewer} onChanged={changed} />
          <div className="grid min-w-0 gap-8">
            <Accesses accesses={viewer.accesses} onChanged={changed} />
            <Requests viewer={viewer} />
            <SignIn viewer={viewer} />
            <Display />
            <Sessions viewer={viewer} onEnded={reload} />
          </div>
          <div className="min-[900px]:col-span-2">
            <Button size="xl" icon={LogOut} onPress={() => void session.signOut()}>
              {pageText('signOut')}
            </Button>
          </div>
        </div>
      )}
    </AnswerView>
  )
}

function Own({ viewer, onChanged }: { viewer: Viewer; onChanged: () => void }) {
  const firm = useFirm()
  const [asking, setAsking] = useState(false)
  const party = viewer.party
  return (
    <div className="min-w-0">
      <Section title={pageText('details')}>{party ? <DetailsList party={party} /> : <p className="py-3 text-text-2">{pageText('detailsNobody', { email: firm.support.email })}</p>}</Section>
      {party ? (
        <>
          <ContactList party={party} />
          <Button size="xl" className="mt-4" onPress={() => setAsking(true)}>
            {pageText('askChange')}
          </Button>
          {asking ? <ChangeDialog partyId={party.id} onSent={onChanged} onClose={() => setAsking(false)} /> : null}
        </>
      ) : null}
    </div>
  )
}

const STATES = { IN_FORCE: { is: 'fine', word: 'accessNow' }, NOT_YET: { is: 'waiting', word: 'accessLater' }, ENDED: { is: 'cancelled', word: 'accessEnded' } } as const

function Accesses({ accesses, onChanged }: { accesses: readonly Access[]; onChanged: () => void }) {
  const { locale } = useEnvironment()
  const [ending, setEnding] = useState<Access | null>(null)
  return (
    <Section title={pageText('accessTitle')}>
      <p className="pt-2 text-14 text-text-3">{pageText(accesses.length === 0 ? 'noAccess' : 'accessHint')}</p>
      <ul>
        {accesses.map((access) => (
          <li key={access.id} className="flex min-h-16 flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b border-line py-3">
            <span className="min-w-0">
              <span className="block font-medium">{access.subject?.label ?? t('somethingEnded')}</span>
              <span className="block text-14 text-text-2">
                {[
                  pageText('accessLine', { relation: relationWords(access) }),
                  pageText('accessAccounts', { count: access.accountCount }),
                  pageText(access.state === 'NOT_YET' ? 'accessFrom' : 'accessSince', { date: formatDate(locale, access.effectiveFrom) }),
                  access.effectiveTo ? t('until', { date: formatDate(locale, dayBefore(access.effectiveTo)) }) : null,
                ]
                  .filter(Boolean)
                  .join(', ')}
              </span>
              <span className="text-14">
                <Status is={STATES[access.state].is}>{pageText(STATES[access.state].word)}</Status>
              </span>
            </span>
            {access.state === 'IN_FORCE' && access.relationship !== 'SELF' ? (
              <Button size="xl" aria-label={pageText('askEndOf', { name: accessWords(access, locale) })} onPress={() => setEnding(access)}>
                {pageText('askEnd')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {ending ? <EndDialog access={ending} onSent={onChanged} onClose={() => setEnding(null)} /> : null}
    </Section>
  )
}

function EndDialog({ access, onSent, onClose }: { access: Access; onSent: () => void; onClose: () => void }) {
  const { send, pending, refusal } = useSendRequest()
  const submit = async () => {
    if (await send('END_ACCESS', access.id, null, pageText('endSent'))) {
      onSent()
      onClose()
    }
  }
  return (
    <Dialog
      isOpen
      role="alertdialog"
      onClose={onClose}
      title={pageText('endTitle', { name: access.subject?.label ?? t('somethingEnded') })}
      actions={
        <>
          <Button look="danger" size="xl" isPending={pending} onPress={() => void submit()}>
            {pageText('endSend')}
          </Button>
          <Button size="xl" onPress={onClose}>
            {pageText('cancel')}
          </Button>
        </>
      }
    >
      <p>{pageText('endText')}</p>
      {refusal ? (
        <p role="alert" className="pt-3 text-negative">
          {refusal}
        </p>
      ) : null}
    </Dialog>
  )
}

function Requests({ viewer }: { viewer: Viewer }) {
  const { locale, timeZone } = useEnvironment()
  if (viewer.requests.length === 0) return null
  return (
    <Section title={pageText('requests')}>
      <ul>
        {viewer.requests.map((request) => (
          <li key={request.id} className="border-b border-line py-3">
            <span className="block">{pageText(`request_${request.kind}`, { name: request.subject?.label ?? t('somethingEnded') })}</span>
            <span className="flex flex-wrap gap-x-3 text-14 text-text-2">
              <Status is={request.state === 'DONE' ? 'fine' : 'progress'}>{pageText(request.state === 'DONE' ? 'requestDone' : 'requestOpen')}</Status>
              {formatInstant(locale, request.closedAt ?? request.createdAt, timeZone)}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function SignIn({ viewer }: { viewer: Viewer }) {
  const { mfaEnrolled, recoveryCodesLeft } = viewer
  return (
    <Section title={pageText('security')}>
      <dl>
        <Fact name={pageText('secondFactor')}>
          <Status is={mfaEnrolled ? 'fine' : 'attention'}>{pageText(mfaEnrolled ? 'factorOn' : 'factorOff')}</Status>
        </Fact>
        {recoveryCodesLeft === null ? null : (
          <Fact name={pageText('recovery')}>
            <Status is={recoveryCodesLeft < FEW_CODES ? 'attention' : 'fine'}>{String(recoveryCodesLeft)}</Status>
          </Fact>
        )}
        <Fact name={pageText('password')}>
          <a href="/portal/forgot-password" className="inline-flex min-h-11 items-center font-medium text-accent hover:underline">
            {pageText('changePassword')}
          </a>
        </Fact>
      </dl>
    </Section>
  )
}

/** One of a few, all in sight, each 44 px to touch. */
function Choice<V extends string>({ label, value, options, onChange }: { label: string; value: V; options: readonly { value: V; label: string }[]; onChange: (value: V) => void }): ReactNode {
  return (
    <fieldset className="mt-4">
      <legend className="pb-2 text-text-2">{label}</legend>
      <div className="flex flex-wrap gap-2">
        {options.map((option) => (
          <label
            key={option.value}
            className={`inline-flex min-h-11 cursor-pointer items-center rounded-control border px-4 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent ${value === option.value ? 'border-accent-line bg-accent-soft font-medium text-accent' : 'border-line-strong hover:bg-hover'}`}
          >
            <input type="radio" name={label} value={option.value} checked={value === option.value} onChange={() => onChange(option.value)} className="sr-only" />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}

const EXAMPLE = '1234.5'

function Display() {
  const { scheme, privacy } = usePreferences()
  const { locale, currency, businessDate, now } = useEnvironment()
  const firm = useFirm()
  const day = businessDate ?? now().toISOString().slice(0, 10)
  return (
    <Section title={pageText('display')}>
      <Choice
        label={pageText('appearance')}
        value={scheme}
        onChange={setScheme}
        options={[
          { value: 'system', label: pageText('appearanceSystem') },
          { value: 'light', label: pageText('appearanceLight') },
          { value: 'dark', label: pageText('appearanceDark') },
        ]}
      />
      <Choice
        label={pageText('privacy')}
        value={privacy ? 'hidden' : 'shown'}
        onChange={(value) => setPrivacy(value === 'hidden')}
        options={[
          { value: 'shown', label: pageText('privacyShown') },
          { value: 'hidden', label: pageText('privacyHidden') },
        ]}
      />
      <p className="pt-4 text-text-2">{pageText('language')}</p>
      <p className="text-14 text-text-3">{pageText('languageText', { firm: firm.name, amount: formatMoney(locale, EXAMPLE, { currency }), date: formatDate(locale, day) })}</p>
    </Section>
  )
}

function Sessions({ viewer, onEnded }: { viewer: Viewer; onEnded: () => void }) {
  return (
    <Section title={pageText('sessions')}>
      <ul>
        {viewer.sessions.map((each) => (
          <SessionLine key={each.id} session={each} onEnded={onEnded} />
        ))}
      </ul>
    </Section>
  )
}

interface SessionLineProps {
  session: Viewer['sessions'][number]
  onEnded: () => void
}

function SessionLine({ session: each, onEnded }: SessionLineProps) {
  const { locale, timeZone } = useEnvironment()
  const [revoke, busy] = useAct(PortalRevokeSessionDocument)
  const device = each.userAgent ?? pageText('unknownDevice')
  const end = async () => {
    const outcome = await revoke({ input: { sessionId: each.id } })
    if (!outcome.ok) toast(outcome.failure.message, { status: 'breach' })
    else if ('message' in outcome.data.revokeSession) toast(outcome.data.revokeSession.message, { status: 'breach' })
    else {
      toast(pageText('sessionEnded'))
      onEnded()
    }
  }
  return (
    <li className="flex min-h-16 items-center justify-between gap-4 border-b border-line py-2">
      <span className="min-w-0">
        <span className="block truncate">{each.current ? pageText('thisSession') : device}</span>
        <span className="block truncate text-14 text-text-2">
          {pageText('lastSeen', { when: formatInstant(locale, each.lastSeenAt, timeZone) })}
          {each.ipAddress ? `, ${each.ipAddress}` : ''}
        </span>
      </span>
      {!each.current && can(each, 'REVOKE_SESSION') ? (
        <Button size="xl" isPending={busy} aria-label={pageText('endSessionOf', { device })} onPress={() => void end()}>
          {pageText('endSession')}
        </Button>
      ) : null}
    </li>
  )
}
