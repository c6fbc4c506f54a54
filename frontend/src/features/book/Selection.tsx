import { lazy, Suspense, useMemo, useState } from 'react'
import { useMay, useRead } from '@/data'
import { BookTotalDocument, type HouseholdOrder } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { SelectionBar } from '@/ui/DataGrid'
import { MoneyFigure } from '@/ui/Figure'
import { ExportButton } from './ExportButton'
import { t } from './words'

const TagDialog = lazy(() => import('@/desk/TagDialog').then((m) => ({ default: m.TagDialog })))

/** The server takes this many ids in one question. */
export const SELECTION_SUM_MAX = 1_000

/** How many are selected and what they are worth together, as the server adds them up. */
export function Selection({ selected, orderBy, onClear }: { selected: ReadonlySet<string>; orderBy: HouseholdOrder; onClear: () => void }) {
  const filter = useMemo(() => ({ ids: [...selected] }), [selected])
  const mayTag = useMay('tags.write')
  const [tagging, setTagging] = useState(false)
  const tooMany = selected.size > SELECTION_SUM_MAX
  const { data } = useRead(BookTotalDocument, { filter }, { pause: tooMany })
  return (
    <SelectionBar
      count={selected.size}
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
        tooMany ? null : (
          <>
            {mayTag ? <Button onPress={() => setTagging(true)}>{t('tagSelected')}</Button> : null}
            <ExportButton primary filter={filter} orderBy={orderBy} label={t('exportSelected')} />
            {tagging ? (
              <Suspense fallback={null}>
                <TagDialog title={t('tagTitle', { count: selected.size })} subjectIds={[...selected]} onClose={() => setTagging(false)} onTagged={onClear} />
              </Suspense>
            ) : null}
          </>
        )
      }
      onClear={onClear}
    />
  )
}
