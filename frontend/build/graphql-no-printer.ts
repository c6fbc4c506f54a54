// The query language as the data client needs it, without the printer: the server is sent the hash of a document and
// never its text, so that nothing prints one.
export { GraphQLError, Kind, parse } from '@0no-co/graphql.web'

export function print(): never {
  throw new Error('A document without a hash cannot be sent: write it in a .graphql file and run "npm run codegen"')
}
