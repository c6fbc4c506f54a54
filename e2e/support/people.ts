import { createHash, createHmac } from 'node:crypto'
import type { FirmSlug } from './hosts'
import { remember, remembered } from './memory'

/** The people of the demo firms, with the secrets every demo has (README). */
export interface Person {
  firm: FirmSlug
  name: string
  email: string
}

const DOMAINS: Record<FirmSlug, string> = { summit: 'summitridge.example', harbor: 'harborpine.example' }
export const DEMO_PASSWORD = 'ridge-and-harbor-demo-2021'

const person = (firm: FirmSlug, name: string): Person => ({ firm, name, email: `${name.toLowerCase().replaceAll(' ', '.')}@${DOMAINS[firm]}` })

export const PEOPLE = {
  summitAdmin: person('summit', 'Anna Lindahl'),
  summitAdvisor: person('summit', 'Priya Raman'),
  summitManager: person('summit', 'Daniel Osei'),
  summitLimitedAdvisor: person('summit', 'Lucie Moreau'),
  summitTrader: person('summit', 'Theo Grant'),
  summitOperations: person('summit', 'Marcus Teller'),
  summitCompliance: person('summit', 'Joan Feld'),
  summitComplianceTwo: person('summit', 'Rosa Imhof'),
  summitReadOnly: person('summit', 'Noah Whitaker'),
  summitClient: person('summit', 'Eleanor Whitfield'),
  summitGuardian: person('summit', 'Ruth Whitfield'),
  summitFather: person('summit', 'Karl Osterman'),
  summitMother: person('summit', 'Vera Petrov'),
  harborAdmin: person('harbor', 'Ingrid Solberg'),
  harborAdvisor: person('harbor', 'Tilda Brandt'),
  harborLimitedAdvisor: person('harbor', 'Sora Kim'),
  harborManager: person('harbor', 'Miguel Duarte'),
  harborTrader: person('harbor', 'Colm Brady'),
  harborOperations: person('harbor', 'Hana Sedlak'),
  harborReadOnly: person('harbor', 'Owen Tate'),
  harborCompliance: person('harbor', 'Peter Aalto'),
  harborClient: person('harbor', 'Bola Adeyemi'),
  harborReviewed: person('harbor', 'Ada Vance'),
  harborFormerAccountant: person('harbor', 'Silas Boone'),
} as const

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The key behind a demo person's authenticator app: twenty bytes derived from the address. */
function demoKey(email: string): Buffer {
  return createHash('sha256').update(`wealthnexus demo ${email}`).digest().subarray(0, 20)
}

/** The bytes of a base32 secret as an enrolment page shows it. */
export function keyOf(base32: string): Buffer {
  let bits = ''
  for (const letter of base32.replace(/[\s=]/g, '').toUpperCase()) bits += ALPHABET.indexOf(letter).toString(2).padStart(5, '0')
  const bytes = bits.match(/.{8}/g) ?? []
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)))
}

const PERIOD_MS = 30_000
export const currentStep = () => Math.floor(Date.now() / PERIOD_MS)

/** RFC 6238 with SHA-1 and six digits, for one time step. */
export function totp(key: Buffer, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', key).update(counter).digest()
  const offset = (mac[mac.length - 1] ?? 0) & 0xf
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

const ROLLOVER_MS = 5_000

/**
 * A code this person has not used yet. The server takes the step before and the one after its own, and spends every step up
 * to the one used; so the earliest unspent one is taken, which leaves later ones for the next question.
 */
export async function freshCode(email: string, key: Buffer = demoKey(email)): Promise<string> {
  const spent = remembered<Record<string, number>>('codes') ?? {}
  const unspent = (spent[email] ?? 0) + 1
  // Close to the end of a step the one before would be too old when it arrives.
  const earliest = () => Math.floor((Date.now() + ROLLOVER_MS) / PERIOD_MS) - 1
  while (unspent > currentStep() + 1) await new Promise((resolve) => setTimeout(resolve, 250))
  const step = Math.max(earliest(), unspent)
  remember('codes', { ...spent, [email]: step })
  return totp(key, step)
}

/** A code that is wrong in every step the server would take. */
export function wrongCode(email: string): string {
  const right = [-2, -1, 0, 1, 2].map((each) => totp(demoKey(email), currentStep() + each))
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !right.includes(code)) ?? '666666'
}
