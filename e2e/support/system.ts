import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { request } from '@playwright/test'
import { hostHeader, LOOPBACK, type FirmSlug } from './hosts'
import { folder, remember, remembered } from './memory'
import type { Person } from './people'

/** The running system from outside: its command line, its processes, its API as any other program would use it. */
const root = resolve(import.meta.dirname, '../..')

function run(command: string, args: readonly string[], timeout = 60_000): string {
  return execFileSync(join(root, '.venv/bin', command), args, {
    cwd: root,
    encoding: 'utf8',
    timeout,
    env: { ...process.env, ...(process.env.E2E_DATA_DIR ? { WEALTHNEXUS_DATA_DIR: process.env.E2E_DATA_DIR } : {}) },
  })
}

/** One command of the product. */
export const wealthnexus = (...args: string[]): string => run('wealthnexus', args)

/** Lets time pass for one person, without waiting for it. */
export const passTime = (what: 'step-up' | 'lock' | 'grants', person: Person): void => {
  run('python', [join(root, 'scripts/e2e_server.py'), what, person.firm, person.email])
}

/** A bundle as a zip file. */
export function bundle(name: string, files: Record<string, string>): string {
  const source = join(folder, name)
  mkdirSync(source, { recursive: true })
  const paths = Object.entries(files).map(([file, text]) => {
    const path = join(source, file)
    writeFileSync(path, text)
    return path
  })
  const zip = `${source}.zip`
  run('python', ['-m', 'zipfile', '-c', zip, ...paths])
  return zip
}

/** The same files as a folder, which the command line imports. */
export function bundleFolder(name: string, files: Record<string, string>): string {
  const source = join(folder, name)
  mkdirSync(source, { recursive: true })
  for (const [file, text] of Object.entries(files)) writeFileSync(join(source, file), text)
  return source
}

interface Token {
  token: string
  until: number
}

function bearer(person: Person): string {
  const kept = remembered<Token>(`token-${person.email}`)
  if (kept && kept.until > Date.now()) return kept.token
  const token = wealthnexus('token', '--firm', person.firm, '--user', person.email, '--minutes', '60').trim()
  remember(`token-${person.email}`, { token, until: Date.now() + 50 * 60_000 })
  return token
}

/**
 * Asks the API with a bearer, outside every browser: what the screens must agree with. A bearer is one of the person's
 * sessions and ends when they have too many; then another is taken, once.
 */
export async function ask<T>(person: Person, query: string, variables: object = {}): Promise<T> {
  const first = await post<T>(person, query, variables)
  if (first !== null) return first
  remember(`token-${person.email}`, null)
  const second = await post<T>(person, query, variables)
  if (second === null) throw new Error(`The API refuses a new token of ${person.email}.`)
  return second
}

async function post<T>(person: Person, query: string, variables: object): Promise<T | null> {
  const api = await request.newContext()
  try {
    const answer = await api.post(`${LOOPBACK}/graphql`, {
      headers: { ...hostHeader(person.firm), authorization: `Bearer ${bearer(person)}` },
      data: { query, variables },
    })
    if (answer.status() === 401) return null
    const { data, errors } = (await answer.json()) as { data?: T; errors?: { message: string }[] }
    if (errors || !data) throw new Error(`The API answered ${answer.status()}: ${JSON.stringify(errors)}`)
    return data
  } finally {
    await api.dispose()
  }
}

export interface Mail {
  to: string
  subject: string
  body: string
}

/** The development mailbox of a firm, newest first. */
export async function mails(firm: FirmSlug): Promise<Mail[]> {
  const api = await request.newContext()
  try {
    const answer = await api.get(`${LOOPBACK}/dev/mailbox.json`, { headers: hostHeader(firm) })
    return ((await answer.json()) as { mails: Mail[] }).mails
  } finally {
    await api.dispose()
  }
}

function demo(): number {
  const pid = Number(process.env.E2E_DEMO_PID)
  if (!pid) throw new Error('E2E_DEMO_PID is not set: scripts/e2e.sh says which process is the demo.')
  return pid
}

function webProcess(): number {
  const pid = Number(execFileSync('pgrep', ['-P', String(demo()), '-f', 'cli.main serve'], { encoding: 'utf8' }).trim())
  if (!pid) throw new Error('The demo has no web process.')
  return pid
}

/** Kills the web process and keeps the supervisor from starting another until `comeBack` is called. */
export function killWeb(): { comeBack: () => void } {
  process.kill(demo(), 'SIGSTOP')
  process.kill(webProcess(), 'SIGKILL')
  return { comeBack: () => void process.kill(demo(), 'SIGCONT') }
}
