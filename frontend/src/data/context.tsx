import { createContext, useContext, type ReactNode } from 'react'
import { Provider as UrqlProvider } from 'urql'
import type { Firm } from '@/domain/firm'
import type { DataClients } from './client'

export interface Data extends DataClients {
  firm: Firm
}

const DataContext = createContext<Data | null>(null)

export function DataProvider({ value, children }: { value: Data; children: ReactNode }) {
  return (
    <DataContext value={value}>
      <UrqlProvider value={value.client}>{children}</UrqlProvider>
    </DataContext>
  )
}

export function useData(): Data {
  const data = useContext(DataContext)
  if (!data) throw new Error('No data clients above this component: wrap it in DataProvider')
  return data
}

export function useFirm(): Firm {
  return useData().firm
}
