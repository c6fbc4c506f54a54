import { expect } from '@playwright/test'
import { PEOPLE, type Person } from './people'
import { ask } from './system'

interface Closed {
  closes: { days: { state: string }[] }
}

/** Waits until the books of both firms are closed: what a new demo does in the background is over. */
export async function booksClosed(...people: Person[]): Promise<void> {
  for (const person of people.length > 0 ? people : [PEOPLE.summitOperations, PEOPLE.harborOperations]) {
    await expect.poll(async () => (await ask<Closed>(person, '{ closes(first: 1) { days { state } } }')).closes.days[0]?.state, { timeout: 240_000, intervals: [1_000] }).toBe('DONE')
  }
}
