import { useCallback, useId, useState, type ComponentProps, type ReactNode } from 'react'
import type { TypedDocumentNode } from 'urql'
import { announce } from '@/data/changes'
import { useIdempotencyKey } from '@/data/ledger'
import { problemAtPath, type Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { formatDate } from '@/domain/dates'
import { useEnvironment } from '@/ui/environment'
import { FormDialog } from '@/ui/FormDialog'
import { RefusalNote } from '@/ui/RefusalNote'

/** What one form says of its fields: the server's word for one path of the input, with the value it refused. */
export type Said = (...path: (string | number)[]) => string | undefined

/**
 * One change of the books by a form: sent once, refusals kept for the fields, and every page that shows the family
 * reads it again. `run` answers what was made, or null when nothing was.
 */
export function useChange<Data, Variables extends Record<string, unknown>, Field extends keyof Data & string, Success extends Extract<NonNullable<Data[Field]>, { __typename: string }>['__typename']>(
  document: TypedDocumentNode<Data, Variables>,
  field: Field,
  success: Success,
) {
  const command = useCommand(document, field, success)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const said = useSaid(refusal)
  const { run: send } = command
  const run = useCallback(
    async (variables: Variables, sentence: string) => {
      const answer = await send(variables, sentence)
      if (!answer.ok) {
        setRefusal(answer.refusal)
        return null
      }
      setRefusal(null)
      announce('clients')
      return answer.value
    },
    [send],
  )
  return { run, pending: command.pending, refusal, said }
}

const DAY = /\b\d{4}-\d{2}-\d{2}\b/g

/** The words beside a field: the refused value first, days in the reader's writing. */
function useSaid(refusal: Refusal | null): Said {
  const { locale } = useEnvironment()
  return useCallback(
    (...path) => {
      const problem = problemAtPath(refusal, path)
      if (!problem) return undefined
      const { value, message } = problem
      const text = value && !message.includes(value) ? `${value}: ${message}` : message
      return text.replace(DAY, (day) => formatDate(locale, day)).replace(/^./, (letter) => letter.toUpperCase())
    },
    [refusal, locale],
  )
}

/** The same content sent twice makes one thing. */
export function useKeyed(): <I extends object>(input: I) => I & { idempotencyKey: string } {
  const keyOf = useIdempotencyKey()
  return useCallback((input) => ({ ...input, idempotencyKey: keyOf(input) }), [keyOf])
}

interface FormProps extends ComponentProps<typeof FormDialog> {
  refusal: Refusal | null
  /** The last steps of the paths whose problems stand beside their fields. */
  fields: readonly string[]
}

/** A form in a dialog that tells what was refused: beside its field, or above them all. */
export function Form({ refusal, fields, children, ...dialog }: FormProps) {
  return (
    <FormDialog {...dialog}>
      {refusal ? <RefusalNote refusal={refusal} fields={fields} /> : null}
      {children}
    </FormDialog>
  )
}

/** Fields that belong together, under a small heading. */
export function Part({ title, hint, children }: { title: string; hint?: ReactNode; children: ReactNode }) {
  const id = useId()
  return (
    <section role="group" aria-labelledby={id} className="grid gap-3 border-t border-line pt-3">
      <div>
        <h3 id={id} className="font-semibold">
          {title}
        </h3>
        {hint ? <p className="text-12 text-text-3">{hint}</p> : null}
      </div>
      {children}
    </section>
  )
}

export function Columns({ children }: { children: ReactNode }) {
  return <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">{children}</div>
}

/** What is wrong with a list as a whole. */
export function ListError({ children }: { children: ReactNode }) {
  return children ? (
    <p role="alert" className="text-12 text-negative">
      {children}
    </p>
  ) : null
}

/** Empty text is no value. */
export const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())
