import { useState } from 'react'
import { useRead } from '@/data/hooks'
import { codeName } from '@/ui/codeWords'
import { useCommand } from '@/data/useCommand'
import { PortalPartyDocument, PortalSendRequestDocument, type PortalPartyQuery, type RequestKind } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { useEnvironment } from '@/ui/environment'
import { Dialog } from '@/ui/Overlay'
import { partyWord } from '@/ui/party/words'
import { Status, StatusShape } from '@/ui/Status'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { usePageTitle } from '@/ui/title'
import { Fact, Section } from './parts'
import { pageText } from './pageWords'

export type Party = NonNullable<PortalPartyQuery['party']>

const newKey = () => crypto.randomUUID()

/** Sends one request, and says what became of it. The key stays the same until it was sent: twice is once. */
export function useSendRequest() {
  const { run, pending } = useCommand(PortalSendRequestDocument, 'sendRequest', 'SendRequestSuccess')
  const [key, setKey] = useState(newKey)
  const [refusal, setRefusal] = useState<string | null>(null)
  const send = async (kind: RequestKind, subjectId: string, message: string | null, sentence: string): Promise<boolean> => {
    const outcome = await run({ input: { kind, subjectId, message, idempotencyKey: key } }, sentence)
    if (outcome.ok) {
      setKey(newKey())
      setRefusal(null)
      toast(sentence)
      return true
    }
    setRefusal(outcome.refusal?.message ?? null)
    return false
  }
  return { send, pending, refusal }
}

/** What is kept of a person or entity; numbers and birth dates never in full. */
export function DetailsList({ party }: { party: Party }) {
  const { locale } = useEnvironment()
  const country = (code: string) => new Intl.DisplayNames(locale, { type: 'region' }).of(code) ?? code
  return (
    <dl>
      <Fact name={pageText('name')}>{party.name}</Fact>
      {party.kind === 'PERSON' ? <Fact name={pageText('birthDate')}>{pageText(party.birthDateKnown ? 'onFile' : 'notOnFile')}</Fact> : null}
      <Fact name={party.taxIdType ? `${pageText('taxId')} (${party.taxIdType})` : pageText('taxId')}>
        {party.taxIdLast4 ? (
          <span className="identifier">
            <span aria-hidden="true">•••••</span>
            <span className="sr-only">{pageText('endsIn', { last4: '' })}</span>
            {party.taxIdLast4}
          </span>
        ) : (
          pageText('notOnFile')
        )}
      </Fact>
      {party.citizenship ? <Fact name={pageText('citizenship')}>{country(party.citizenship)}</Fact> : null}
      {party.residence ? <Fact name={pageText('residence')}>{country(party.residence)}</Fact> : null}
      {party.riskProfile ? <Fact name={pageText('risk')}>{partyWord('risk', party.riskProfile)}</Fact> : null}
    </dl>
  )
}

export function ContactList({ party }: { party: Party }) {
  return (
    <Section title={pageText('contacts')} className="pt-6">
      {party.contacts.length === 0 ? (
        <p className="flex items-center gap-2 py-3 text-text-2">
          <StatusShape is="attention" />
          {pageText('noContacts')}
        </p>
      ) : (
        <dl>
          {party.contacts.map((contact) => (
            <Fact key={`${contact.kind} ${contact.label} ${contact.value}`} name={contactName(contact)}>
              <span className="whitespace-pre-line break-words">{contact.value}</span>
            </Fact>
          ))}
        </dl>
      )}
    </Section>
  )
}

function contactName({ kind, label }: Party['contacts'][number]): string {
  const word = partyWord('contact', kind)
  return label && label.toLowerCase() !== 'main' ? pageText('contactOf', { kind: word, label: codeName(label) }) : word
}

/** In the client's own words; the advisor changes what is kept. */
export function ChangeDialog({ partyId, onSent, onClose }: { partyId: string; onSent: () => void; onClose: () => void }) {
  const [words, setWords] = useState('')
  const [missing, setMissing] = useState(false)
  const { send, pending, refusal } = useSendRequest()
  const submit = async () => {
    setMissing(words.trim() === '')
    if (words.trim() === '') return
    if (await send('CHANGE_DETAILS', partyId, words, pageText('changeSent'))) {
      onSent()
      onClose()
    }
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={pageText('changeTitle')}
      actions={
        <>
          <Button look="primary" size="xl" isPending={pending} onPress={() => void submit()}>
            {pageText('changeSend')}
          </Button>
          <Button size="xl" onPress={onClose}>
            {pageText('cancel')}
          </Button>
        </>
      }
    >
      <TextField autoFocus multiline label={pageText('changeLabel')} description={pageText('changeHelp')} value={words} onChange={setWords} maxLength={2_000} error={missing ? pageText('changeEmpty') : null} />
      {refusal ? (
        <p role="alert" className="pt-3 text-negative">
          {refusal}
        </p>
      ) : null}
    </Dialog>
  )
}

/** Once every few years: is what we keep still right? */
export function ReviewPage({ id, isOwn, onChanged }: { id: string; isOwn: boolean; onChanged: () => void }) {
  const { data, loading, failure, reload } = useRead(PortalPartyDocument, { id })
  const [done, setDone] = useState(false)
  const [asking, setAsking] = useState(false)
  const { send, pending, refusal } = useSendRequest()
  usePageTitle(pageText('reviewTitle'))
  const confirm = async () => {
    if (await send('CONFIRM_DETAILS', id, null, pageText('confirmDone'))) {
      setDone(true)
      onChanged()
    }
  }
  return (
    <AnswerView value={data?.party} loading={loading} failure={failure} onRetry={reload} isPage="framed">
      {(party) => (
        <div className="max-w-[720px]">
          <h1 className="text-24 font-semibold display">{isOwn ? pageText('details') : pageText('detailsOf', { name: party.name })}</h1>
          <p className="pb-4 text-text-2">{pageText('reviewHint')}</p>
          <DetailsList party={party} />
          <ContactList party={party} />
          {done ? (
            <p role="status" className="pt-6">
              <Status is="fine">{pageText('confirmDone')}</Status>
            </p>
          ) : (
            <div className="flex flex-wrap gap-3 pt-6">
              <Button look="primary" size="xl" isPending={pending} onPress={() => void confirm()}>
                {pageText('confirmAll')}
              </Button>
              <Button size="xl" onPress={() => setAsking(true)}>
                {pageText('askChange')}
              </Button>
            </div>
          )}
          {refusal ? (
            <p role="alert" className="pt-3 text-negative">
              {refusal}
            </p>
          ) : null}
          {asking ? <ChangeDialog partyId={id} onSent={onChanged} onClose={() => setAsking(false)} /> : null}
        </div>
      )}
    </AnswerView>
  )
}
