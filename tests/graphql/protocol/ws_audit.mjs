// The graphql-transport-ws protocol as the graphql-ws client and a bare socket see it; one JSON line.
//   node ws_audit.mjs <ws address> <bearer>
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'

const [url, bearer] = process.argv.slice(2)
const QUERY = 'subscription { workQueueChanged { seq resync eventType } }'
const params = { authorization: `Bearer ${bearer}` }
const init = JSON.stringify({ type: 'connection_init', payload: params })
const subscribe = (id, query = QUERY) => JSON.stringify({ id, type: 'subscribe', payload: { query } })

// The close code a bare socket ends with after these messages are sent, one after another.
function closed(messages, { protocol = 'graphql-transport-ws', headers = {}, waitForAck = false } = {}) {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, protocol, { headers })
    const queue = [...messages]
    const next = () => queue.length && socket.send(queue.shift())
    socket.on('open', () => (waitForAck ? next() : messages.forEach((each) => socket.send(each))))
    socket.on('message', (raw) => {
      if (waitForAck && JSON.parse(raw).type === 'connection_ack') queue.splice(0).forEach((each) => socket.send(each))
    })
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode))
    socket.on('error', () => undefined)
    socket.on('close', (code) => resolve(code))
    setTimeout(() => (socket.close(), resolve('still open')), 4000).unref()
  })
}

// The messages a bare socket receives until one of the type given.
function received(messages, until) {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, 'graphql-transport-ws')
    const seen = []
    socket.on('open', () => socket.send(init))
    socket.on('message', (raw) => {
      const message = JSON.parse(raw)
      seen.push(message)
      if (message.type === 'connection_ack') messages.forEach((each) => socket.send(each))
      if (message.type === until) (socket.close(), resolve(seen))
    })
    setTimeout(() => (socket.close(), resolve(seen)), 4000).unref()
  })
}

const client = createClient({ url, webSocketImpl: WebSocket, connectionParams: params })
const first = await new Promise((resolve, reject) => {
  const stop = client.subscribe({ query: QUERY }, {
    next: ({ data, errors }) => (resolve(data ? data.workQueueChanged : errors), stop()),
    error: reject,
    complete: () => undefined,
  })
})
await client.dispose()

console.log(JSON.stringify({
  first,
  doubleInit: await closed([init, init]),
  subscribeBeforeAck: await closed([subscribe('1')]),
  notJson: await closed(['not json']),
  unknownType: await closed([JSON.stringify({ type: 'nonsense' })]),
  sameIdTwice: await closed([init, subscribe('1'), subscribe('1')], { waitForAck: true }),
  nobody: await closed([JSON.stringify({ type: 'connection_init' })]),
  wrongToken: await closed([JSON.stringify({ type: 'connection_init', payload: { authorization: 'Bearer wnt_nothing' } })]),
  otherProtocol: await closed([], { protocol: 'graphql-ws' }),
  foreignOrigin: await closed([init], { headers: { origin: 'https://elsewhere.example' } }),
  sameOrigin: await closed([init, init], { headers: { origin: new URL(url.replace('ws', 'http')).origin } }),
  ping: (await received([JSON.stringify({ type: 'ping' })], 'pong')).at(-1).type,
  query: (await received([subscribe('1', '{ viewer { name } }')], 'error')).at(-1),
  invalid: (await received([subscribe('1', 'subscription { nothing }')], 'error')).at(-1),
}))
process.exit(0)
