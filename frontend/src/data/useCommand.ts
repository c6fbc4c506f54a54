import { createContext, useCallback, useContext, useState } from 'react'
import { useClient, type TypedDocumentNode } from 'urql'
import { outcomeOf, type CommandAnswer } from './outcome'

/** Asks the person to confirm who they are; the sentence repeats what is about to happen. False when they decline. */
export type AskStepUp = (sentence: string) => Promise<boolean>

export const StepUpContext = createContext<AskStepUp>(async () => false)

type PayloadOf<Data, Field extends keyof Data> = Extract<NonNullable<Data[Field]>, { __typename: string }>

/** declined: the person was asked to confirm who they are and did not. Nothing was changed. */
export type CommandOutcome<T> = CommandAnswer<T> | { ok: false; refusal: null }

/**
 * One change: sent once, never before the server has agreed. When the server wants a fresh confirmation of the person,
 * it is asked for and the same command, with the same variables, is sent again.
 */
export function useCommand<
  Data,
  Variables extends Record<string, unknown>,
  Field extends keyof Data & string,
  Success extends PayloadOf<Data, Field>['__typename'],
>(document: TypedDocumentNode<Data, Variables>, field: Field, success: Success) {
  const client = useClient()
  const askStepUp = useContext(StepUpContext)
  const [pending, setPending] = useState(false)

  const run = useCallback(
    async (variables: Variables, sentence: string): Promise<CommandOutcome<Extract<PayloadOf<Data, Field>, { __typename: Success }>>> => {
      const send = async () => {
        const result = await client.mutation(document, variables).toPromise()
        return outcomeOf<PayloadOf<Data, Field>, Success>(result, field, success)
      }
      setPending(true)
      try {
        const first = await send()
        if (first.ok || first.refusal.kind !== 'StepUpRequired') return first
        if (!(await askStepUp(sentence))) return { ok: false, refusal: null }
        return await send()
      } finally {
        setPending(false)
      }
    },
    [client, askStepUp, document, field, success],
  )
  return { run, pending }
}
