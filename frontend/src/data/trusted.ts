import type { DocumentNode } from 'graphql'
import { type Exchange, makeErrorResult, makeOperation, type Operation, type TypedDocumentNode } from 'urql'
import { filter, map, merge, pipe, share } from 'wonka'

function hashOf(document: DocumentNode | TypedDocumentNode): string | undefined {
  return (document as { __meta__?: { hash?: string } }).__meta__?.hash
}

function untrusted(document: DocumentNode | TypedDocumentNode): Error {
  const name = document.definitions.find((each) => each.kind === 'OperationDefinition')?.name?.value ?? 'unnamed'
  return new Error(`The document "${name}" carries no hash: write it in a .graphql file and run "npm run codegen"; it was not sent`)
}

/** The build writes the hash of each document beside it; the server knows these documents and no others. */
export function documentHash(document: DocumentNode | TypedDocumentNode): string {
  const hash = hashOf(document)
  if (!hash) throw untrusted(document)
  return hash
}

const isTrusted = (operation: Operation) => operation.kind === 'teardown' || hashOf(operation.query as DocumentNode) !== undefined

/** Sends `documentId` in place of the query text, and gives the answer back under the original operation. */
export const trustedDocumentsExchange: Exchange =
  ({ forward }) =>
  (operations$) => {
    const originals = new Map<number, Operation>()
    const shared$ = share(operations$)
    const answers$ = pipe(
      shared$,
      filter(isTrusted),
      map((operation) => {
        if (operation.kind === 'teardown') {
          originals.delete(operation.key)
          return operation
        }
        originals.set(operation.key, operation)
        const trusted = { kind: 'Document', definitions: [], documentId: documentHash(operation.query as DocumentNode), __key: operation.key }
        return makeOperation(operation.kind, { ...operation, query: trusted as never }, operation.context)
      }),
      forward,
      map((result) => ({ ...result, operation: originals.get(result.operation.key) ?? result.operation })),
    )
    const refused$ = pipe(
      shared$,
      filter((operation) => !isTrusted(operation)),
      map((operation) => makeErrorResult(operation, untrusted(operation.query as DocumentNode))),
    )
    return merge([answers$, refused$])
  }
