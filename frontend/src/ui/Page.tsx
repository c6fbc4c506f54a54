import type { ReactNode } from 'react'
import { cx } from './cx'

/** A page under the top bar: 24 above, 32 at the sides, 16 on a phone. */
export function Page({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={cx('min-w-0 px-8 py-6 max-sm:px-4 max-sm:py-4', className)}>{children}</div>
}
