import { memo, useCallback, useState } from 'react'
import { Form, Part, useChange, useKeyed } from '@/clients/form'
import { announce } from '@/data/changes'
import { formatDate } from '@/domain/dates'
import { isDecimal } from '@/domain/decimal'
import { SetConventionsDocument, type ConventionsQuery } from '@/generated/graphql'
import { Checkbox } from '@/ui/Checkbox'
import { DateField } from '@/ui/DateField'
import { useEnvironment } from '@/ui/environment'
import { Select } from '@/ui/Select'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { conventionName, GROUPS, sentValue, v, valueWord, type Way } from './conventions'

export type Level = { name: string } & ({ kind: 'firm' } | { kind: 'household'; householdId: string } | { kind: 'report'; report: string })

interface ConventionsDialogProps {
  level: Level
  policy: ConventionsQuery['calculationPolicy']
  onClose: () => void
  /** A report that had none has conventions of its own now. */
  onReport: (report: string) => void
}

const ABOVE = ''

/** A new version of one level: all it changes of the level above, from a day on, with the reason. */
export function ConventionsDialog({ level, policy, onClose, onReport }: ConventionsDialogProps) {
  const { locale, businessDate } = useEnvironment()
  const change = useChange(SetConventionsDocument, 'setCalculationPolicy', 'SetCalculationPolicySuccess')
  const keyed = useKeyed()
  // What the level says today is where the next version begins; of a new report that is nothing.
  const own = Object.fromEntries(policy.effective.choices.flatMap(({ name, value, origin }) => (origin === level.kind ? [[name, sentValue(name, value)]] : [])))
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>(own)
  const [isNewReport, setNewReport] = useState(false)
  const [report, setReport] = useState('')
  const [from, setFrom] = useState(businessDate ?? '')
  const [reason, setReason] = useState('')
  const [touched, setTouched] = useState(false)
  const choose = useCallback((convention: string, value: string) => setChosen((before) => ({ ...before, [convention]: value })), [])
  const changes = Object.entries(chosen).flatMap(([name, value]) => (value.trim() === ABOVE ? [] : [{ name, value: value.trim() }]))
  const isWrong = (name: string, way: Way) => way.kind === 'number' && (chosen[name] ?? '') !== '' && !isDecimal((chosen[name] ?? '').trim())
  const anyWrong = GROUPS.some(({ conventions }) => Object.entries(conventions).some(([name, way]) => isWrong(name, way)))
  const name = isNewReport ? v('ofReport', { name: report.trim() }) : level.name

  const send = async () => {
    setTouched(true)
    if (from === '' || reason.trim() === '' || anyWrong || (isNewReport && report.trim() === '')) return
    const made = await change.run(
      {
        input: keyed({
          householdId: level.kind === 'household' ? level.householdId : null,
          report: isNewReport ? report.trim() : level.kind === 'report' ? level.report : null,
          effectiveFrom: from,
          changes,
          reason: reason.trim(),
          expectedNumber: isNewReport ? 0 : (policy.history[0]?.number ?? 0),
        }),
      },
      v('sentence', { name, date: formatDate(locale, from) }),
    )
    if (!made) return
    announce('conventions')
    toast(v('done', { name, date: formatDate(locale, from) }))
    onClose()
    if (isNewReport) onReport(report.trim())
  }

  return (
    <Form title={v('changeTitle', { name: level.name })} send={v('save')} wide pending={change.pending} refusal={change.refusal} fields={['effectiveFrom', 'reason', 'report']} onSend={send} onClose={onClose}>
      <p className="text-text-2">{v('changeHint')}</p>
      {level.kind === 'firm' ? (
        <Checkbox
          isSelected={isNewReport}
          onChange={(on) => {
            setNewReport(on)
            setChosen(on ? {} : own)
          }}
        >
          {v('newReport')}
        </Checkbox>
      ) : null}
      {isNewReport ? <TextField label={v('reportName')} description={v('reportHint')} value={report} onChange={setReport} maxLength={200} error={(touched && report.trim() === '' ? v('nameRequired') : undefined) ?? change.said('report')} /> : null}
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <DateField label={v('effectiveFrom')} name={v('effectiveFrom')} value={from} onChange={setFrom} hint={v('effectiveHint')} error={(touched && from === '' ? v('dayRequired') : undefined) ?? change.said('effectiveFrom')} />
        <TextField label={v('reason')} value={reason} onChange={setReason} maxLength={500} error={(touched && reason.trim() === '' ? v('reasonRequired') : undefined) ?? change.said('reason')} />
      </div>
      {GROUPS.map((group) => (
        <Part key={group.id} title={v(group.id)}>
          <div className="grid items-start gap-x-4 gap-y-3 sm:grid-cols-2">
            {Object.entries(group.conventions).map(([convention, way]) => (
              <Convention key={convention} name={convention} way={way} value={chosen[convention] ?? ABOVE} isWrong={touched && isWrong(convention, way)} onChange={choose} />
            ))}
          </div>
        </Part>
      ))}
      <p aria-live="polite" className="text-12 text-text-2">
        {v('changed', { count: changes.length })}
      </p>
    </Form>
  )
}

interface ConventionProps {
  name: string
  way: Way
  value: string
  isWrong: boolean
  onChange: (name: string, value: string) => void
}

/** Drawn again when its own choice changes: there are twenty of them. */
const Convention = memo(function Convention({ name, way, value, isWrong, onChange }: ConventionProps) {
  const { locale } = useEnvironment()
  const label = conventionName(name)
  const change = (next: string) => onChange(name, next)
  if (way.kind === 'number') {
    return <TextField label={label} value={value} onChange={change} inputMode="decimal" placeholder={v('asAbove')} error={isWrong ? v('numberWrong', { example: way.example }) : undefined} />
  }
  return <Select label={label} value={value} onChange={change} choices={[{ value: ABOVE, label: v('asAbove') }, ...way.words.map((word) => ({ value: word, label: valueWord(locale, name, word) }))]} />
})
