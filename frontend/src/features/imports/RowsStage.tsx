import { useCallback, useEffect, useRef, useState } from 'react'
import { useClient } from 'urql'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import {
  ImportDraftRowsDocument,
  MendImportDraftDocument,
  ReplaceInImportDraftDocument,
  SkipImportDraftRowsDocument,
  type DraftPartsFragment,
  type DraftVerdict,
  type ImportDraftPageQuery,
} from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { codeName } from '@/ui/codeWords'
import { Figure } from '@/ui/Figure'
import { Dialog } from '@/ui/Overlay'
import { RefusalNote } from '@/ui/RefusalNote'
import { Select } from '@/ui/Select'
import { ErrorState, SkeletonRows } from '@/ui/States'
import { TextField } from '@/ui/TextField'
import { Tiles } from '@/ui/Tiles'
import { toast } from '@/ui/Toast'
import { w } from './draftWords'
import { MendGrid, SHAPES, type MendRow } from './MendGrid'

const PAGE = 100
const VERDICTS = ['REFUSED', 'NEW', 'CHANGED', 'UNCHANGED', 'SKIPPED'] as const satisfies readonly DraftVerdict[]

interface RowsStageProps {
  draft: DraftPartsFragment
  bundleFiles: ImportDraftPageQuery['bundleFiles']
  canEdit: boolean
  /** The draft was changed; its newest version is in the cache. */
  onChanged: () => void
}

/** Files with what the check said of their rows, and the rows themselves, mended in place. */
export function RowsStage({ draft, bundleFiles, canEdit, onChanged }: RowsStageProps) {
  const files = bundleFiles.filter(({ name }) => draft.files.some(({ file }) => file === name))
  const countOf = (file: string, verdict: DraftVerdict) => draft.verdicts.find((each) => each.file === file && each.verdict === verdict)?.count ?? 0
  const faulty = files.find(({ name }) => countOf(name, 'REFUSED') > 0) ?? files[0]
  const [file, setFile] = useState(faulty?.name ?? '')
  const [verdict, setVerdict] = useState<DraftVerdict | null>(faulty && countOf(faulty.name, 'REFUSED') > 0 ? 'REFUSED' : null)
  const ours = files.find(({ name }) => name === file)
  const mapped = draft.files.find((each) => each.file === file)
  if (!ours || !mapped) return null
  const given = new Set([...mapped.columns.map((each) => each.ours), ...mapped.constants.map((each) => each.ours)])
  const columns = ours.columns.map(({ name }) => name).filter((name) => given.has(name) || ours.columns.find((each) => each.name === name)?.isRequired)
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap items-end gap-4">
        <Select
          label={w('filesTabs')}
          className="min-w-56"
          choices={files.map(({ name }) => ({ value: name, label: codeName(name), detail: countOf(name, 'REFUSED') > 0 ? `${w('REFUSED')}: ${countOf(name, 'REFUSED')}` : '' }))}
          value={file}
          onChange={(chosen) => {
            setFile(chosen)
            setVerdict(countOf(chosen, 'REFUSED') > 0 ? 'REFUSED' : null)
          }}
        />
        <div className="min-w-0 flex-1">
          <Tiles
            label={w('verdicts')}
            tiles={VERDICTS.map((each) => ({ id: each, count: <Figure kind="count" value={String(countOf(file, each))} />, word: w(each), status: SHAPES[each], isSelected: verdict === each }))}
            onToggle={(id) => setVerdict(verdict === id ? null : (id as DraftVerdict))}
          />
        </div>
      </div>
      <Rows key={`${file} ${verdict ?? ''}`} draft={draft} file={file} columns={columns} verdict={verdict} canEdit={canEdit} onChanged={onChanged} />
    </div>
  )
}

interface RowsProps {
  draft: DraftPartsFragment
  file: string
  columns: readonly string[]
  verdict: DraftVerdict | null
  canEdit: boolean
  onChanged: () => void
}

/** The rows after a line, a page at a time as the grid comes near the end of what it has. */
function useRows(draftId: string, file: string, verdict: DraftVerdict | null, version: number) {
  const client = useClient()
  const [rows, setRows] = useState<readonly MendRow[] | null>(null)
  const [failed, setFailed] = useState<string | null>(null)
  const [atEnd, setAtEnd] = useState(false)
  const loading = useRef(false)
  const load = useCallback(
    async (afterLine: number, first: number) => {
      const { data, error } = await client.query(ImportDraftRowsDocument, { id: draftId, file, verdict, afterLine, first }, { requestPolicy: 'network-only' }).toPromise()
      return { found: data?.importDraft?.rows ?? [], failure: error ? error.message : null }
    },
    [client, draftId, file, verdict],
  )
  // A new version of the draft shows the same stretch anew, so that the place in the grid is kept.
  const shown = useRef(PAGE)
  useEffect(() => {
    let gone = false
    void load(0, Math.min(shown.current, 200)).then(({ found, failure }) => {
      if (gone) return
      setFailed(failure)
      setRows(found)
      setAtEnd(found.length < Math.min(shown.current, 200))
    })
    return () => {
      gone = true
    }
  }, [load, version])
  const more = useCallback(() => {
    const last = rows?.[rows.length - 1]
    if (loading.current || !last) return
    loading.current = true
    void load(last.line, PAGE).then(({ found, failure }) => {
      loading.current = false
      setFailed(failure)
      shown.current = (rows?.length ?? 0) + found.length
      setRows((present) => [...(present ?? []), ...found.filter((row) => row.line > (present?.[present.length - 1]?.line ?? 0))])
      setAtEnd(found.length < PAGE)
    })
  }, [load, rows])
  return { rows, failed, more: atEnd ? undefined : more }
}

interface Place {
  row: MendRow
  column: string | null
}

const valueAt = ({ row, column }: Place) => row.cells.find((cell) => cell.column === column)?.value ?? ''

function Rows({ draft, file, columns, verdict, canEdit, onChanged }: RowsProps) {
  const { rows, failed, more } = useRows(draft.id, file, verdict, draft.version)
  const [place, setPlace] = useState<Place | null>(null)
  const [dialog, setDialog] = useState<'replace' | 'leave' | null>(null)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const mend = useCommand(MendImportDraftDocument, 'mendImportDraft', 'MendImportDraftSuccess')
  const skip = useCommand(SkipImportDraftRowsDocument, 'skipImportDraftRows', 'SkipImportDraftRowsSuccess')

  const settle = (answer: { ok: boolean; refusal?: Refusal | null }) => {
    setRefusal(answer.ok ? null : (answer.refusal ?? null))
    onChanged()
  }
  const edit = async (line: number, column: string, value: string) => {
    settle(await mend.run({ input: { draftId: draft.id, expectedVersion: draft.version, edits: [{ file, line, column, value }] } }, w('draft')))
  }
  const leave = async (row: MendRow, reason: string | null) => {
    settle(await skip.run({ input: { draftId: draft.id, expectedVersion: draft.version, file, lines: [row.line], reason } }, w('draft')))
    setDialog(null)
  }
  const askToLeave = (row: MendRow) => {
    setPlace({ row, column: null })
    if (row.skipReason === null) setDialog('leave')
    else void leave(row, null)
  }
  if (failed !== null) return <ErrorState message={failed} />
  if (rows === null) return <SkeletonRows rows={6} />
  if (rows.length === 0) return <p className="py-3 text-text-2">{w('noRows')}</p>
  const row = place ? (rows.find((each) => each.line === place.row.line) ?? null) : null
  const problems = row?.problems.filter((each) => place?.column === null || each.column === place?.column || each.column === null) ?? []
  return (
    <>
      {refusal ? <RefusalNote refusal={refusal} /> : null}
      <MendGrid
        label={w('grid', { file: codeName(file) })}
        rows={rows}
        columns={columns}
        canEdit={canEdit}
        name={codeName}
        onEdit={(line, column, value) => void edit(line, column, value)}
        onSkip={askToLeave}
        onFocus={(focused, column) => setPlace({ row: focused, column })}
        onEnd={more}
      />
      <div className="grid min-h-24 content-start gap-2" aria-live="polite">
        {row && place ? (
          <>
            <p className="font-medium">{place.column ? w('here', { line: row.line, column: codeName(place.column) }) : `${w('line')} ${row.line}`}</p>
            {problems.map((each) => (
              <p key={`${each.column ?? ''} ${each.expectation}`} className="text-negative">
                {each.message}
              </p>
            ))}
            {row.skipReason === null ? null : <p className="text-text-2">{row.skipReason}</p>}
            {canEdit ? (
              <div className="flex flex-wrap gap-2">
                {place.column && row.skipReason === null ? (
                  <Button size="sm" onPress={() => setDialog('replace')}>
                    {w('replace', { value: valueAt({ row, column: place.column }).slice(0, 40) })}
                  </Button>
                ) : null}
                <Button size="sm" onPress={() => askToLeave(row)}>
                  {w(row.skipReason === null ? 'leave' : 'take')}
                </Button>
              </div>
            ) : null}
          </>
        ) : (
          <p className="text-12 text-text-3">{w('cellHelp')}</p>
        )}
      </div>
      {dialog === 'replace' && row && place?.column ? (
        <ReplaceDialog draft={draft} file={file} column={place.column} value={valueAt({ row, column: place.column })} onClose={() => setDialog(null)} onChanged={onChanged} />
      ) : null}
      {dialog === 'leave' && row ? <LeaveDialog row={row} pending={skip.pending} onClose={() => setDialog(null)} onLeave={(reason) => void leave(row, reason)} /> : null}
    </>
  )
}

interface ReplaceDialogProps {
  draft: DraftPartsFragment
  file: string
  column: string
  value: string
  onClose: () => void
  onChanged: () => void
}

function ReplaceDialog({ draft, file, column, value, onClose, onChanged }: ReplaceDialogProps) {
  const [by, setBy] = useState(value)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const replace = useCommand(ReplaceInImportDraftDocument, 'replaceInImportDraft', 'ReplaceInImportDraftSuccess')
  const save = async () => {
    const answer = await replace.run({ input: { draftId: draft.id, expectedVersion: draft.version, file, column, value, by } }, w('draft'))
    setRefusal(answer.ok ? null : answer.refusal)
    if (!answer.ok) return
    toast(w('replaced', { count: answer.value.replacedCount }))
    onChanged()
    onClose()
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={w('replaceTitle')}
      actions={
        <>
          <Button look="primary" size="lg" isPending={replace.pending} isDisabled={by === value} onPress={() => void save()}>
            {w('replaceDo')}
          </Button>
          <Button size="lg" onPress={onClose}>
            {w('cancel')}
          </Button>
        </>
      }
    >
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (by !== value) void save()
        }}
      >
        {refusal ? <RefusalNote refusal={refusal} /> : null}
        <p className="text-text-2">{w('replaceHint', { column: codeName(column), value })}</p>
        <TextField label={w('replaceBy')} value={by} onChange={setBy} autoFocus maxLength={2000} />
      </form>
    </Dialog>
  )
}

function LeaveDialog({ row, pending, onClose, onLeave }: { row: MendRow; pending: boolean; onClose: () => void; onLeave: (reason: string) => void }) {
  const [reason, setReason] = useState('')
  const said = reason.trim()
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={w('leaveTitle', { line: row.line })}
      actions={
        <>
          <Button look="primary" size="lg" isPending={pending} isDisabled={said === ''} onPress={() => onLeave(said)}>
            {w('leaveDo')}
          </Button>
          <Button size="lg" onPress={onClose}>
            {w('cancel')}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (said !== '') onLeave(said)
        }}
      >
        <TextField label={w('leaveReason')} description={w('leaveHint')} value={reason} onChange={setReason} autoFocus maxLength={200} />
      </form>
    </Dialog>
  )
}
