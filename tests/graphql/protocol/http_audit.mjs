// Every audit of graphql-http against the address given; one JSON line.
import { auditServer } from 'graphql-http'

const results = await auditServer({ url: process.argv[2] })
const notOk = results
  .filter((each) => each.status !== 'ok')
  .map((each) => ({ status: each.status, id: each.id, name: each.name, reason: each.reason }))
console.log(JSON.stringify({ total: results.length, notOk }))
