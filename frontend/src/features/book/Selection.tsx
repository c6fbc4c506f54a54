import { lazy, Suspense, useMemo, useState } from 'react'
import { useMay, useRead } from '@/data'
import { BookTotalDocument, type HouseholdFilter, type HouseholdOrder } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { SelectionBar } from '@/ui/DataGrid'
import { MoneyFigure } from '@/ui/Figure'
import type { ColumnChoice } from './columnSet'
import { ExportButton } from './ExportButton'
import { t } from './words'

const TagDialog = lazy(() => import('@/desk/TagDialog').then((m) => ({ default: m.TagDialog })))
const AssignDialog = lazy(() => import('./AssignDialog').then((m) => ({ default: m.AssignDialog })))

/** The server takes this many ids in one question. */
export const SELECTION_SUM_MAX = 1_000

interface SelectionProps {
  selected: ReadonlySet<string>
  /** The filter of the list, for what is done to all of it. */
  list: HouseholdFilter
  total: number | null
  orderBy: HouseholdOrder
  columns: readonly ColumnChoice[]
  onClear: () => void
  onChanged: () => void
}

/** How many are selected, what they are worth together as the server adds them up, and what may be done with them. */
export function Selection({ selected, list, total, orderBy, columns, onClear, onChanged }: SelectionProps) {
  const [whole, setWhole] = useState(false)
  const filter = useMemo(() => (whole ? list : { ids: [...selected] }), [whole, list, selected])
  const mayTag = useMay('tags.write')
  const mayAssign = useMay('books.assign')
  const [open, setOpen] = useState<'tag' | 'assign' | null>(null)
  const count = whole ? (total ?? 0) : selected.size
  const tooMany = !whole && selected.size > SELECTION_SUM_MAX
  const { data } = useRead(BookTotalDocument, { filter }, { pause: tooMany })
  const done = () => {
    onClear()
    onChanged()
  }
  return (
    <SelectionBar
      count={count}
      sum={
        tooMany ? (
          <span className="text-text-2">{t('selectionTooMany', { limit: SELECTION_SUM_MAX })}</span>
        ) : data ? (
          <span className="text-text-2">
            <MoneyFigure figure={data.households.totalValue} name={t('selectionSum')} />
          </span>
        ) : null
      }
      actions={
        <>
          {!whole && total !== null && total > selected.size ? (
            <Button look="link" size="sm" onPress={() => setWhole(true)}>
              {t('selectAll', { count: total })}
            </Button>
          ) : null}
          {tooMany ? null : (
            <>
              {mayTag ? <Button onPress={() => setOpen('tag')}>{t('tagSelected')}</Button> : null}
              {mayAssign ? <Button onPress={() => setOpen('assign')}>{t('assignSelected')}</Button> : null}
              <ExportButton primary filter={filter} orderBy={orderBy} columns={columns} label={t('exportSelected')} />
            </>
          )}
          <Suspense fallback={null}>
            {open === 'tag' ? (
              <TagDialog
                title={t('tagTitle', { count })}
                {...(whole ? { households: { filter, count } } : { subjectIds: [...selected] })}
                mayTakeOff
                onClose={() => setOpen(null)}
                onTagged={done}
              />
            ) : null}
            {open === 'assign' ? <AssignDialog households={filter} count={count} onClose={() => setOpen(null)} onAssigned={done} /> : null}
          </Suspense>
        </>
      }
      onClear={onClear}
    />
  )
}
