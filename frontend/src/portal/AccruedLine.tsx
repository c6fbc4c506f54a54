import { cx } from '@/ui/cx'
import { MoneyFigure, type MoneyFigureValue } from '@/ui/Figure'
import { pageText } from './pageWords'

/** The interest that counts beside the value of what bears it. */
export function AccruedLine({ accrued, className }: { accrued: MoneyFigureValue | null; className?: string }) {
  if (accrued === null) return null
  if (accrued.value === null) return <span className={cx('block text-14 text-text-3', className)}>{pageText('accruedUnknown')}</span>
  return (
    <span className={cx('block text-14 text-text-3', className)}>
      {pageText('accrued')} <MoneyFigure figure={{ ...accrued, explain: null }} name={pageText('accrued')} />
    </span>
  )
}
