import { createContext, useContext, type ReactNode } from 'react'
import { formatLocale } from '@/domain/text'

/** What every formatted value needs to know about the firm. */
export interface Environment {
  currency: string
  timeZone: string
  /** The business date shown as "As of"; null when the firm lives on the wall clock. */
  businessDate: string | null
  /** The present moment; the demo clock when the firm has one. */
  now: () => Date
}

const EnvironmentContext = createContext<Environment>({
  currency: 'USD',
  timeZone: 'UTC',
  businessDate: null,
  now: () => new Date(),
})

export function EnvironmentProvider({ value, children }: { value: Environment; children: ReactNode }) {
  return <EnvironmentContext value={value}>{children}</EnvironmentContext>
}

export function useEnvironment(): Environment & { locale: string } {
  return { ...useContext(EnvironmentContext), locale: formatLocale() }
}
