import type { ReactNode } from 'react'
import { useMay } from '@/data'
import { EmptyState } from '@/ui/States'
import { t } from './words'

/** The page, or who to ask when this person's roles do not open it. */
export function Guard({ permission, children }: { permission: string; children: ReactNode }) {
  const allowed = useMay(permission)
  if (allowed) return <>{children}</>
  return (
    <EmptyState kind="forbidden" isPage title={t('forbidden')}>
      {t('forbiddenHint', { permission })}
    </EmptyState>
  )
}
