import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import { useState } from 'react'
import { Button, IconButton } from '@/ui/Button'
import { Checkbox } from '@/ui/Checkbox'
import { Dialog } from '@/ui/Overlay'
import { Select } from '@/ui/Select'
import { columnWords } from './columns'
import { COLUMN_IDS, moved, STANDARD, WIDTHS, type ColumnChoice, type ColumnId } from './columnSet'
import { t } from './words'

interface ColumnsDialogProps {
  columns: readonly ColumnChoice[]
  onSave: (columns: readonly ColumnChoice[]) => void
  onClose: () => void
}

const WIDTH_WORDS = { 96: 'widthNarrow', 144: 'widthMiddle', 220: 'widthWide' } as const

/** Which columns the list shows, in which order and how wide; a saved view keeps them. */
export function ColumnsDialog({ columns, onSave, onClose }: ColumnsDialogProps) {
  const [chosen, setChosen] = useState(columns)
  const words = columnWords()
  const shown = new Set(chosen.map(({ id }) => id))
  const listed = [...chosen.map(({ id }) => id), ...COLUMN_IDS.filter((id) => !shown.has(id))]
  const widen = (id: ColumnId, width: string) => setChosen(chosen.map((each) => (each.id === id ? (width === '' ? { id } : { id, width: Number(width) }) : each)))
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t('columnsTitle')}
      actions={
        <>
          <Button look="primary" size="lg" onPress={() => onSave(chosen)}>
            {t('columnsSave')}
          </Button>
          <Button size="lg" look="quiet" onPress={() => setChosen(STANDARD)}>
            {t('columnsStandard')}
          </Button>
          <Button size="lg" look="quiet" onPress={onClose}>
            {t('cancel')}
          </Button>
        </>
      }
    >
      <p className="pb-2 text-text-2">{t('columnsHint')}</p>
      <ul aria-label={t('columns')}>
        {listed.map((id) => {
          const choice = chosen.find((each) => each.id === id)
          const widths = choice?.width !== undefined && !WIDTHS.some((each) => each === choice.width) ? [choice.width, ...WIDTHS] : WIDTHS
          return (
            <li key={id} className="flex min-h-10 items-center gap-2 border-b border-line">
              <Checkbox
                className="min-w-0 flex-1"
                isSelected={choice !== undefined}
                isDisabled={id === 'name'}
                onChange={(on) => setChosen(on ? [...chosen, { id }] : chosen.filter((each) => each.id !== id))}
              >
                {words[id]}
              </Checkbox>
              {choice ? (
                <>
                  <Select
                    label={t('widthOf', { name: words[id] })}
                    hideLabel
                    size="sm"
                    className="w-28"
                    value={choice.width === undefined ? '' : String(choice.width)}
                    choices={[
                      { value: '', label: t('widthOwn') },
                      ...widths.map((width) => ({ value: String(width), label: width in WIDTH_WORDS ? t(WIDTH_WORDS[width as keyof typeof WIDTH_WORDS]) : t('widthPixels', { width }) })),
                    ]}
                    onChange={(width) => widen(id, width)}
                  />
                  <IconButton icon={ArrowUp} label={t('columnUp', { name: words[id] })} isDisabled={moved(chosen, id, -1) === chosen} onPress={() => setChosen(moved(chosen, id, -1))} />
                  <IconButton icon={ArrowDown} label={t('columnDown', { name: words[id] })} isDisabled={moved(chosen, id, 1) === chosen} onPress={() => setChosen(moved(chosen, id, 1))} />
                </>
              ) : null}
            </li>
          )
        })}
      </ul>
    </Dialog>
  )
}
