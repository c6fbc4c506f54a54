import type { DocumentNode } from 'graphql'
import { type Exchange, makeOperation, type Operation, type TypedDocumentNode } from 'urql'
import { filter, map, merge, pipe, share, tap } from 'wonka'

/** The build writes the hash of each document beside it; the server knows these documents and no others. */
export function documentHash(document: DocumentNode | TypedDocumentNode): string {
  const hash = (document as { __meta__?: { hash?: string } }).__meta__?.hash
  if (!hash) {
    const name = document.definitions.find((each) => each.kind === 'OperationDefinition')?.name?.value ?? 'unnamed'
    throw new Error(`The document "${name}" carries no hash: write it in a .graphql file and run "npm run codegen"; it was not sent`)
  }
  return hash
}

/** Sends `documentId` in place of the query text, and gives the answer back under the original operation. */
export const trustedDocumentsExchange: Exchange =
  ({ forward }) =>
  (operations$) => {
    const originals = new Map<number, Operation>()
    const shared$ = share(operations$)
    const sent$ = pipe(
      shared$,
      filter((operation) => operation.kind !== 'teardown'),
      map((operation) => {
        originals.set(operation.key, operation)
        const trusted = { kind: 'Document', definitions: [], documentId: documentHash(operation.query as DocumentNode), __key: operation.key }
        return makeOperation(operation.kind, { ...operation, query: trusted as never }, operation.context)
      }),
    )
    const teardown$ = pipe(
      shared$,
      filter((operation) => operation.kind === 'teardown'),
      tap((operation) => originals.delete(operation.key)),
    )
    return pipe(
      merge([sent$, teardown$]),
      forward,
      map((result) => ({ ...result, operation: originals.get(result.operation.key) ?? result.operation })),
    )
  }
