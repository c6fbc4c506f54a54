import { useState } from 'react'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { MapImportDraftDocument, type DraftPartsFragment, type ImportDraftPageQuery } from '@/generated/graphql'
import { codeName } from '@/ui/codeWords'
import { Button } from '@/ui/Button'
import { DateField } from '@/ui/DateField'
import { SectionHeading } from '@/ui/Heading'
import { RefusalNote } from '@/ui/RefusalNote'
import { Select } from '@/ui/Select'
import { TextField } from '@/ui/TextField'
import { w } from './draftWords'

type Headers = NonNullable<ImportDraftPageQuery['importDraft']>['headers']
type BundleFiles = ImportDraftPageQuery['bundleFiles']
type Dates = DraftPartsFragment['files'][number]['dates']
type Numbers = DraftPartsFragment['files'][number]['numbers']

/** What one of their files is taken for. `columns`: ours -> theirs; `constants`: ours -> value. */
export interface FileDraft {
  file: string
  dates: Dates
  numbers: Numbers
  columns: Record<string, string>
  constants: Record<string, string>
}

const NONE = '-'
const ALWAYS = '='
const DATES = ['ISO', 'MONTH_FIRST', 'DAY_FIRST', 'COMPACT'] as const
const NUMBERS = ['POINT', 'COMMA'] as const

export function fileDrafts(files: DraftPartsFragment['files']): Record<string, FileDraft> {
  return Object.fromEntries(
    files.map(({ name, file, dates, numbers, columns, constants }) => [
      name,
      {
        file,
        dates,
        numbers,
        columns: Object.fromEntries(columns.map(({ theirs, ours }) => [ours, theirs])),
        constants: Object.fromEntries(constants.map(({ ours, value }) => [ours, value])),
      },
    ]),
  )
}

/** As the API takes it: files that are left out are not named, a constant without a value is none. */
export function filesInput(files: Record<string, FileDraft>) {
  return Object.entries(files).map(([name, one]) => ({
    name,
    file: one.file,
    dates: one.dates,
    numbers: one.numbers,
    columns: Object.entries(one.columns).map(([ours, theirs]) => ({ theirs, ours })),
    constants: Object.entries(one.constants)
      .filter(([, value]) => value !== '')
      .map(([ours, value]) => ({ ours, value })),
  }))
}

interface MapStageProps {
  draft: DraftPartsFragment
  headers: Headers
  bundleFiles: BundleFiles
  checking: boolean
  /** The mapping was kept; the rows can be checked. */
  onMapped: () => void
}

/** Which of their files and columns is which of ours. */
export function MapStage({ draft, headers, bundleFiles, checking, onMapped }: MapStageProps) {
  const [source, setSource] = useState(draft.source)
  const [asOf, setAsOf] = useState<string>(draft.asOf)
  const [files, setFiles] = useState(() => fileDrafts(draft.files))
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const map = useCommand(MapImportDraftDocument, 'mapImportDraft', 'MapImportDraftSuccess')

  const change = (name: string, next: FileDraft | null) =>
    setFiles((present) => {
      const { [name]: _gone, ...others } = present
      return next ? { ...others, [name]: next } : others
    })
  const save = async () => {
    const answer = await map.run({ input: { draftId: draft.id, expectedVersion: draft.version, source: source.trim(), asOf: asOf === '' ? draft.asOf : asOf, files: filesInput(files) } }, w('draft'))
    setRefusal(answer.ok ? null : answer.refusal)
    if (answer.ok) onMapped()
  }
  return (
    <section aria-label={w('map')} className="grid gap-6">
      <p className="text-text-2">{w('mapHint')}</p>
      {refusal ? <RefusalNote refusal={refusal} /> : null}
      <div className="grid max-w-[640px] gap-4 sm:grid-cols-2">
        <TextField label={w('source')} description={w('sourceHint')} value={source} onChange={setSource} maxLength={200} />
        <DateField label={w('asOf')} name={w('asOf')} value={asOf} onChange={setAsOf} />
      </div>
      {headers.map((header) => (
        <FileCard key={header.name} header={header} one={files[header.name] ?? null} taken={Object.entries(files).flatMap(([name, each]) => (name === header.name ? [] : [each.file]))} bundleFiles={bundleFiles} onChange={(next) => change(header.name, next)} />
      ))}
      <div>
        <Button look="primary" size="lg" isPending={map.pending || checking} isDisabled={Object.keys(files).length === 0 || source.trim() === ''} onPress={() => void save()}>
          {w('check')}
        </Button>
      </div>
    </section>
  )
}

interface FileCardProps {
  header: Headers[number]
  one: FileDraft | null
  /** Files of the bundle that another of theirs is already. */
  taken: readonly string[]
  bundleFiles: BundleFiles
  onChange: (next: FileDraft | null) => void
}

const folded = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')

function FileCard({ header, one, taken, bundleFiles, onChange }: FileCardProps) {
  const ours = bundleFiles.find((each) => each.name === one?.file)
  const choose = (file: string) => {
    if (file === NONE) return onChange(null)
    const columns: Record<string, string> = {}
    for (const { name } of bundleFiles.find((each) => each.name === file)?.columns ?? []) {
      const theirs = header.columns.find((column) => folded(column) === folded(name))
      if (theirs !== undefined) columns[name] = theirs
    }
    onChange({ file, dates: one?.dates ?? 'ISO', numbers: one?.numbers ?? 'POINT', columns, constants: {} })
  }
  const files = [
    { value: NONE, label: w('leaveOut') },
    ...bundleFiles.filter((each) => !taken.includes(each.name)).map((each) => ({ value: each.name, label: codeName(each.name) })),
  ]
  return (
    <section aria-label={header.name}>
      <SectionHeading>{header.name}</SectionHeading>
      <div className="grid gap-4 py-4 sm:grid-cols-3">
        <Select label={w('fileIs', { name: header.name })} choices={files} value={one?.file ?? NONE} onChange={choose} />
        {one ? (
          <>
            <Select label={w('dates')} choices={DATES.map((each) => ({ value: each, label: w(`dates${each}`) }))} value={one.dates} onChange={(dates) => onChange({ ...one, dates })} />
            <Select label={w('numbers')} choices={NUMBERS.map((each) => ({ value: each, label: w(`numbers${each}`) }))} value={one.numbers} onChange={(numbers) => onChange({ ...one, numbers })} />
          </>
        ) : null}
      </div>
      {one && ours ? (
        <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2 lg:grid-cols-3">
          {ours.columns.map((column) => (
            <ColumnChoice key={column.name} column={column} theirs={header.columns} one={one} onChange={onChange} />
          ))}
        </div>
      ) : null}
    </section>
  )
}

interface ColumnChoiceProps {
  column: BundleFiles[number]['columns'][number]
  theirs: readonly string[]
  one: FileDraft
  onChange: (next: FileDraft) => void
}

function ColumnChoice({ column: { name, isRequired }, theirs, one, onChange }: ColumnChoiceProps) {
  const always = one.constants[name] !== undefined
  const used = Object.entries(one.columns).flatMap(([ours, each]) => (ours === name ? [] : [each]))
  const choices = [
    { value: NONE, label: w('columnNone') },
    { value: ALWAYS, label: w('columnAlways') },
    ...theirs.filter((each) => each !== '' && !used.includes(each)).map((each) => ({ value: `:${each}`, label: each })),
  ]
  const mapped = one.columns[name]
  const choose = (chosen: string) => {
    const { [name]: _column, ...columns } = one.columns
    const { [name]: _constant, ...constants } = one.constants
    if (chosen === ALWAYS) onChange({ ...one, columns, constants: { ...constants, [name]: '' } })
    else if (chosen === NONE) onChange({ ...one, columns, constants })
    else onChange({ ...one, columns: { ...columns, [name]: chosen.slice(1) }, constants })
  }
  return (
    <div className="grid content-start gap-2">
      <Select
        label={
          <>
            {codeName(name)}{isRequired ? ' ' : null}
            {isRequired ? <span className="font-normal text-text-3">{w('required')}</span> : null}
          </>
        }
        choices={choices}
        value={always ? ALWAYS : mapped === undefined ? NONE : `:${mapped}`}
        onChange={choose}
      />
      {always ? (
        <TextField label={w('always', { column: codeName(name) })} hideLabel value={one.constants[name] ?? ''} onChange={(value) => onChange({ ...one, constants: { ...one.constants, [name]: value } })} />
      ) : null}
    </div>
  )
}
