import Plus from 'lucide-react/icons/plus'
import X from 'lucide-react/icons/x'
import { useState } from 'react'
import { useRead } from '@/data'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { formatPercent } from '@/domain/format'
import { AssignAccountsDocument, BookChoicesDocument, type AssignAccountsMutation, type HouseholdFilter } from '@/generated/graphql'
import { Button, IconButton } from '@/ui/Button'
import { DateField } from '@/ui/DateField'
import { useEnvironment } from '@/ui/environment'
import { Dialog } from '@/ui/Overlay'
import { problemAt, RefusalNote } from '@/ui/RefusalNote'
import { Select } from '@/ui/Select'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/Toast'
import { splitOf, type SplitLine } from './splits'
import { t } from './words'

type Look = Extract<AssignAccountsMutation['assignAccounts'], { __typename: 'AssignAccountsSuccess' }>

interface AssignDialogProps {
  households: HouseholdFilter
  count: number
  onClose: () => void
  onAssigned: () => void
}

/** Gives the open accounts of the selection to representatives from a day on, after a look at what that changes. */
export function AssignDialog({ households, count, onClose, onAssigned }: AssignDialogProps) {
  const { locale, businessDate } = useEnvironment()
  const books = useRead(BookChoicesDocument, {}).data?.books ?? []
  const command = useCommand(AssignAccountsDocument, 'assignAccounts', 'AssignAccountsSuccess')
  const [lines, setLines] = useState<readonly SplitLine[]>([{ key: 1, bookId: null, percent: '100' }])
  const [from, setFrom] = useState(businessDate ?? '')
  const [look, setLook] = useState<Look | null>(null)
  const [touched, setTouched] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const name = (bookId: string) => books.find((book) => book.id === bookId)?.code ?? bookId
  const edit = (key: number, values: Partial<SplitLine>) => {
    setLook(null)
    setLines(lines.map((line) => (line.key === key ? { ...line, ...values } : line)))
  }
  const splits = lines.flatMap(({ bookId, percent }) => {
    const split = splitOf(percent)
    return bookId !== null && split !== null ? [{ bookId, split }] : []
  })
  const sound = splits.length === lines.length
  const run = async (dryRun: boolean) => {
    setTouched(true)
    if (!sound) return
    const input = { households, expectedCount: count, splits, effectiveFrom: from === '' ? null : from, dryRun }
    const answer = await command.run({ input }, t('assignSentence', { count }))
    if (!answer.ok) {
      setLook(null)
      return setRefusal(answer.refusal)
    }
    setRefusal(null)
    if (dryRun) return setLook(answer.value)
    toast(t('assigned', { count: answer.value.accountCount }))
    onAssigned()
    onClose()
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t('assignTitle', { count })}
      actions={
        <>
          {look ? (
            <Button look="primary" size="lg" isPending={command.pending} isDisabled={look.accountCount === look.unchangedCount} onPress={() => void run(false)}>
              {t('assignSave', { count: look.accountCount })}
            </Button>
          ) : (
            <Button look="primary" size="lg" isPending={command.pending} onPress={() => void run(true)}>
              {t('assignLook')}
            </Button>
          )}
          <Button size="lg" onPress={onClose}>
            {t('cancel')}
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        {refusal ? <RefusalNote refusal={refusal} fields={['splits', 'effectiveFrom']} /> : null}
        {lines.map((line) => (
          <div key={line.key} className="flex items-start gap-2">
            <Select
              className="min-w-0 flex-1"
              label={t('assignTo')}
              value={line.bookId}
              placeholder={t('assignChoose')}
              choices={books.map(({ id, kind, code, name: title }) => ({ value: id, label: `${code}, ${title} (${t(`book${kind}`)})` }))}
              onChange={(bookId) => edit(line.key, { bookId })}
              error={touched && line.bookId === null ? t('assignMissing') : undefined}
            />
            <TextField
              className="w-24"
              label={t('assignShare')}
              value={line.percent}
              inputMode="decimal"
              onChange={(percent) => edit(line.key, { percent })}
              error={touched && splitOf(line.percent) === null ? t('assignShareWrong') : undefined}
            />
            {lines.length > 1 ? (
              <IconButton
                icon={X}
                label={t('assignRemove')}
                className="mt-7"
                onPress={() => {
                  setLook(null)
                  setLines(lines.filter((each) => each.key !== line.key))
                }}
              />
            ) : null}
          </div>
        ))}
        {problemAt(refusal, 'splits') ? <p className="text-12 text-negative">{problemAt(refusal, 'splits')}</p> : null}
        <Button
          size="sm"
          look="quiet"
          icon={Plus}
          className="justify-self-start"
          onPress={() => {
            setLook(null)
            setLines([...lines, { key: Math.max(...lines.map(({ key }) => key)) + 1, bookId: null, percent: '' }])
          }}
        >
          {t('assignAdd')}
        </Button>
        <DateField
          label={t('assignFrom')}
          name={t('assignFrom')}
          value={from}
          onChange={(day) => {
            setLook(null)
            setFrom(day)
          }}
          error={problemAt(refusal, 'effectiveFrom')}
        />
        {look ? (
          <section aria-label={t('assignPreview')} className="border-t border-line-strong pt-3" role="status">
            <p className="font-medium">{t('assignWhat', { count: look.accountCount, unchanged: look.unchangedCount })}</p>
            <ul className="mt-1 text-text-2">
              {look.before.map((group) => (
                <li key={group.books.map(({ bookId, split }) => `${bookId} ${split}`).join()} className="flex justify-between gap-4 border-b border-line py-1">
                  <span>{group.books.length === 0 ? t('assignNobody') : group.books.map(({ bookId, split }) => `${name(bookId)} ${formatPercent(locale, split, 0, 'never')}`).join(', ')}</span>
                  <span>{t('assignAccounts', { count: group.accountCount })}</span>
                </li>
              ))}
            </ul>
          </section>
        ) : null}
      </div>
    </Dialog>
  )
}
