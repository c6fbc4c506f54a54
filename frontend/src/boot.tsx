import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import type { Exchange } from 'urql'
import { createClients } from '@/data/client'
import { DataProvider, type Data } from '@/data/context'
import { parseFirm } from '@/domain/firm'
import { activeLocale, PSEUDO_LOCALE, setLocale } from '@/domain/text'
import { applyBrand } from '@/ui/brand'
import { EnvironmentProvider } from '@/ui/environment'
import { startPreferences } from '@/ui/preferences'
import { setTitleSuffix } from '@/ui/title'

/** A translator's view of the app: every word from the catalogue is marked, so that a word that is not stands out. */
function wantedLocale(firmLocale: string): string {
  try {
    return localStorage.getItem('wn-locale') === PSEUDO_LOCALE ? PSEUDO_LOCALE : firmLocale
  } catch {
    return firmLocale
  }
}

/** Reads the firm from the page, dresses the page in its brand, and shows the entry. */
export function boot(cache: Exchange, entry: (data: Data) => ReactNode): void {
  const firm = parseFirm(document.getElementById('wn-firm')?.textContent)
  setLocale(wantedLocale(firm.locale))
  document.documentElement.lang = firm.locale
  applyBrand(document.documentElement, firm.brand)
  startPreferences()
  setTitleSuffix(firm.name)
  const root = document.getElementById('root')
  if (!root) throw new Error('The page has no #root element')
  const data: Data = { ...createClients(cache), firm }
  const environment = { currency: firm.currency, timeZone: firm.timeZone, businessDate: firm.businessDate, now: () => new Date() }
  const show = () =>
    createRoot(root).render(
      <StrictMode>
        <DataProvider value={data}>
          <EnvironmentProvider value={environment}>{entry(data)}</EnvironmentProvider>
        </DataProvider>
      </StrictMode>,
    )
  if (activeLocale() === PSEUDO_LOCALE) void import('@/domain/pseudo').then(show)
  else show()
}
