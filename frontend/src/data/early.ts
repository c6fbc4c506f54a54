/** Requests the page itself started, before this code had arrived (build/early.js), by document and variables. */
type Early = Map<string, { answer: Promise<Response>; at: number }>

/** A page that stood still before its code ran (a restored tab, a debugger, a computer that slept) reads again. */
const FRESH_MS = 20_000

/** The answer to exactly this request if it is under way already; each is given out once. */
export function takeEarly(body: BodyInit | null | undefined): Promise<Response> | null {
  const early = (globalThis as { wnEarly?: Early }).wnEarly
  if (!early || early.size === 0 || typeof body !== 'string') return null
  const { documentId, variables } = JSON.parse(body) as { documentId?: string; variables?: object }
  const key = `${documentId}${JSON.stringify(variables ?? {})}`
  const started = early.get(key)
  early.delete(key)
  return started && Date.now() - started.at < FRESH_MS ? started.answer : null
}

/** After the session was renewed: what is under way was asked with the old one and would be refused. */
export function forgetEarly(): void {
  ;(globalThis as { wnEarly?: Early }).wnEarly?.clear()
}
