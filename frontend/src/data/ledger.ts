import { useCallback, useRef } from 'react'
import { useClient } from 'urql'
import { entryInput, type SubmitAnswer, type TransactionSubmission } from '@/domain/ledger'
import { CorrectTransactionDocument, PostTransactionDocument, SecuritySearchDocument, type PreviewPartsFragment } from '@/generated/graphql'
import { announce } from './changes'
import { useCommand, type CommandOutcome } from './useCommand'

export interface FoundSecurity {
  id: string
  label: string
  detail: string | null
}

/** Securities by name, symbol or identifier. */
export function useSecuritySearch(): (query: string, signal: AbortSignal) => Promise<FoundSecurity[]> {
  const client = useClient()
  return useCallback(
    async (query, signal) => {
      const { data } = await client.query(SecuritySearchDocument, { query }, { requestPolicy: 'network-only', fetchOptions: { signal, credentials: 'same-origin' } }).toPromise()
      return (data?.search.groups ?? []).flatMap((group) => group.hits.map((hit) => ({ id: hit.id, label: hit.title, detail: hit.subtitle })))
    },
    [client],
  )
}

/**
 * One key for one content of one form: sending the same content again can never write it twice, and changed content is
 * another request. A check that writes nothing has a key of its own.
 */
export function useIdempotencyKey(): (content: unknown) => string {
  const last = useRef<{ content: string; key: string } | null>(null)
  return useCallback((content) => {
    const text = JSON.stringify(content)
    if (last.current?.content !== text) last.current = { content: text, key: crypto.randomUUID() }
    return last.current.key
  }, [])
}

interface Written {
  dryRun: boolean
  preview: PreviewPartsFragment
}

function answerOf(outcome: CommandOutcome<Written>): SubmitAnswer {
  if (!outcome.ok) return outcome.refusal ? { kind: 'refused', refusal: outcome.refusal } : { kind: 'declined' }
  const { dryRun, preview } = outcome.value
  if (!dryRun) return { kind: 'done' }
  return { kind: 'preview', preview: { ...preview, securityName: preview.security ? (preview.security.symbol ?? preview.security.name) : null } }
}

/** Posts to one account, or checks without writing. `sentence` repeats the command when a confirmation is asked for. */
export function usePostEntry(accountId: string, sentence: string, onPosted: () => void): (submission: TransactionSubmission) => Promise<SubmitAnswer> {
  const { run } = useCommand(PostTransactionDocument, 'postTransaction', 'PostTransactionSuccess')
  const keyOf = useIdempotencyKey()
  return useCallback(
    async ({ entry, dryRun }) => {
      if (!entry) throw new Error('A posted entry cannot be empty; nothing was sent')
      const content = { accountId, ...entryInput(entry), externalId: entry.externalId ?? null, dryRun }
      const answer = answerOf(await run({ input: { ...content, idempotencyKey: keyOf(content) } }, sentence))
      if (answer.kind === 'done') {
        announce('ledger')
        onPosted()
      }
      return answer
    },
    [accountId, sentence, onPosted, run, keyOf],
  )
}

/** Reverses one entry and puts the replacement in its place when there is one. */
export function useCorrectEntry(transactionId: string, sentence: string, onCorrected: () => void): (submission: TransactionSubmission) => Promise<SubmitAnswer> {
  const { run } = useCommand(CorrectTransactionDocument, 'correctTransaction', 'CorrectTransactionSuccess')
  const keyOf = useIdempotencyKey()
  return useCallback(
    async ({ entry, reason, dryRun }) => {
      const content = { transactionId, replacement: entry ? entryInput(entry) : null, reason, dryRun }
      const answer = answerOf(await run({ input: { ...content, idempotencyKey: keyOf(content) } }, sentence))
      if (answer.kind === 'done') {
        announce('ledger')
        onCorrected()
      }
      return answer
    },
    [transactionId, sentence, onCorrected, run, keyOf],
  )
}
