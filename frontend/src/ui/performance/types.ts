import type { PeriodName } from '@/domain/performance'
import type { FigureReason, MoneyFigureValue } from '../Figure'

/** A return or a statistic as the API sends it: a decimal string, or null with the reason. */
export interface ReturnFigureValue {
  value: string | null
  reason: FigureReason | null
  asOf: string
  basis: string
  source: string
  computedAt: string
  quality: MoneyFigureValue['quality']
  /** The day from which it is measured, where that is later than its period begins. */
  measuredFrom?: string | null
  /** Where its explanation is read when it is asked for. */
  path?: string | null
}

/** The returns of one period. Gross is null where it may not be seen. */
export interface PeriodReturns {
  kind: PeriodName
  begin: string | null
  end: string
  days: number | null
  net: ReturnFigureValue
  gross: ReturnFigureValue | null
  netAnnualised: ReturnFigureValue
  grossAnnualised: ReturnFigureValue | null
  benchmark: ReturnFigureValue | null
  benchmarkAnnualised: ReturnFigureValue | null
  excess: ReturnFigureValue | null
}

export interface CourseDay {
  day: string
  value: string | null
  netContributions: string | null
  growthNet: string | null
  growthGross?: string | null
  benchmarkGrowth: string | null
}

export interface ContributionPart {
  key: string
  label: string
  weight: string | null
  return: string | null
  contribution: string | null
}

export interface AttributionPart {
  key: string
  label: string
  portfolioWeight: string | null
  benchmarkWeight: string | null
  portfolioReturn: string | null
  benchmarkReturn: string | null
  allocation: string | null
  selection: string | null
  interaction: string | null
}

export interface MonthReturn {
  year: number
  /** Null: the whole year. */
  month: number | null
  net: string | null
  gross: string | null
  benchmark: string | null
}

export interface PolicyView {
  version: string
  digest: string
  choices: readonly { name: string; value: string; origin: string }[]
}
