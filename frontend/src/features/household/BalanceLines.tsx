import { Link } from '@tanstack/react-router'
import ChevronDown from 'lucide-react/icons/chevron-down'
import ChevronRight from 'lucide-react/icons/chevron-right'
import { useState, type ReactNode } from 'react'
import { negated, ratio } from '@/domain/decimal'
import { codeName } from '@/ui/codeWords'
import { DenseFigures, Figure, MoneyFigure, type MoneyFigureValue } from '@/ui/Figure'
import { Icon } from '@/ui/Icon'
import { partyWord } from '@/ui/party/words'
import { StatusShape } from '@/ui/Status'
import { WeightBar } from '@/ui/WeightBar'
import type { Line, Sheet } from './BalanceTab'
import { b } from './balanceWords'

const BLANK = '\u00a0'
const CELL = 'h-9 border-b border-line'
const NUMBER = `${CELL} pl-3 text-right whitespace-nowrap`

/** What is owed counts against what is owned, and is written so; the explanation stays that of the debt. */
export function owed<F extends MoneyFigureValue>(figure: F): F {
  return figure.value === null ? figure : { ...figure, value: negated(figure.value) }
}

/** Assets, liabilities and what remains; each group folds away and keeps its total. */
export function BalanceLines({ sheet, search }: { sheet: Sheet; search: { asOf?: string } }) {
  const whole = sheet.totalAssets.value
  return (
    <table className="w-full border-collapse text-14">
      <thead className="text-12 text-text-2">
        <tr className="border-b border-line-strong">
          <th scope="col" className="h-9 text-left font-medium">
            {b('line')}
          </th>
          <th scope="col" className="h-9 pl-3 text-left font-medium max-sm:hidden">
            {b('kind')}
          </th>
          <th scope="col" colSpan={2} className="h-9 pl-3 text-left font-medium max-sm:hidden">
            {b('weight')}
          </th>
          <th scope="col" className="h-9 pl-3 text-right font-medium">
            {b('value')}
          </th>
        </tr>
      </thead>
      <Group title={b('assets')} lines={sheet.assets} total={sheet.totalAssets} whole={whole} search={search} kindOf={(line) => codeName(line.kind)} />
      {sheet.liabilities.length > 0 ? (
        <Group
          title={b('liabilities')}
          lines={sheet.liabilities}
          total={owed(sheet.totalLiabilities)}
          whole={whole}
          search={search}
          kindOf={(line) => partyWord('debt', line.kind)}
          debts
        />
      ) : (
        <tbody>
          <tr>
            <th scope="row" className={`${CELL} text-left font-semibold`}>
              {b('liabilities')}
            </th>
            <td colSpan={4} className={`${CELL} pl-3 text-right text-text-2`}>
              {b('noDebts')}
            </td>
          </tr>
        </tbody>
      )}
      <tfoot>
        <tr className="border-b border-line-strong font-semibold">
          <th scope="row" className="h-9 text-left">
            {b('netWorth')}
          </th>
          <td className="max-sm:hidden">{BLANK}</td>
          <td colSpan={2} className="max-sm:hidden">
            {BLANK}
          </td>
          <td className="pl-3 text-right whitespace-nowrap">
            <MoneyFigure figure={sheet.netWorth} name={b('netWorth')} />
          </td>
        </tr>
      </tfoot>
    </table>
  )
}

interface GroupProps {
  title: string
  lines: readonly Line[]
  total: MoneyFigureValue
  whole: string | null
  search: { asOf?: string }
  kindOf: (line: Line) => string
  debts?: boolean
}

function Group({ title, lines, total, whole, search, kindOf, debts }: GroupProps) {
  const [open, setOpen] = useState(true)
  return (
    <tbody>
      <tr className="font-semibold">
        <th scope="row" className={`${CELL} text-left`}>
          <button type="button" aria-expanded={open} onClick={() => setOpen(!open)} className="inline-flex min-h-6 items-center gap-2">
            <Icon of={open ? ChevronDown : ChevronRight} />
            {title} <span className="font-normal text-text-3">{lines.length}</span>
          </button>
        </th>
        <td className={`${CELL} max-sm:hidden`}>{BLANK}</td>
        <Weight value={total.value} whole={whole} />
        <td className={NUMBER}>
          <MoneyFigure figure={total} name={b(debts ? 'totalLiabilities' : 'totalAssets')} />
        </td>
      </tr>
      {open
        ? lines.map((line) => (
            <tr key={line.subject.id}>
              <th scope="row" className={`${CELL} pl-6 text-left font-normal max-sm:pl-3`}>
                <LineName line={line} search={search} />
              </th>
              <td className={`${CELL} pl-3 text-12 text-text-2 max-sm:hidden`}>{kindOf(line)}</td>
              <Weight value={line.value.value} whole={whole} />
              <td className={NUMBER}>
                <LineValue label={line.label} figure={debts ? owed(line.value) : line.value} />
              </td>
            </tr>
          ))
        : null}
    </tbody>
  )
}

function LineValue({ label, figure }: { label: string; figure: MoneyFigureValue }) {
  return (
    <DenseFigures>
      <span className="inline-flex items-center gap-1.5">
        {figure.quality === 'COMPLETE' ? null : <StatusShape is={figure.quality === 'UNAVAILABLE' ? 'waiting' : 'attention'} />}
        <MoneyFigure figure={figure} name={label} />
      </span>
    </DenseFigures>
  )
}

function LineName({ line, search }: { line: Line; search: { asOf?: string } }): ReactNode {
  if (line.subject.kind.toLowerCase() === 'liability') {
    return (
      <Link to="/debts/$id" params={{ id: line.subject.id }} className="hover:underline">
        {line.label}
      </Link>
    )
  }
  if (line.subject.kind.toLowerCase() !== 'account') return line.label
  return (
    <Link to="/accounts/$id" params={{ id: line.subject.id }} search={search} className="hover:underline">
      {line.label}
    </Link>
  )
}

function Weight({ value, whole }: { value: string | null; whole: string | null }) {
  const share = value !== null && whole !== null ? ratio(value, whole) : null
  return (
    <>
      <td className={`${CELL} w-24 pl-3 max-sm:hidden`}>
        <WeightBar share={share} />
      </td>
      <td className={`${NUMBER} w-16 max-sm:hidden`}>{share === null ? null : <Figure kind="percent" value={share} digits={1} sign="never" />}</td>
    </>
  )
}
