import { useState } from 'react'

/** The same object while it says the same, so that a question is asked once. */
export function useStable<T>(value: T): T {
  const [kept, keep] = useState(value)
  if (JSON.stringify(kept) === JSON.stringify(value)) return kept
  keep(value)
  return value
}
