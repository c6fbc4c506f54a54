import { Link } from '@tanstack/react-router'
import Ellipsis from 'lucide-react/icons/ellipsis'
import Plus from 'lucide-react/icons/plus'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useMay, useRead } from '@/data'
import { BookViewsDocument, DeleteViewDocument, SaveViewDocument, type BookViewsQuery } from '@/generated/graphql'
import { useCommand } from '@/data/useCommand'
import { Button, IconButton } from '@/ui/Button'
import { ActionMenu } from '@/ui/Menu'
import { TabNav } from '@/ui/Tabs'
import { toast } from '@/ui/Toast'
import { queryOf, sameView, searchOf, type BookSearch, type BookView } from './search'
import { t } from './words'

const ViewDialog = lazy(() => import('./ViewDialog').then((m) => ({ default: m.ViewDialog })))

export type SavedView = BookViewsQuery['savedViews'][number]

function standingViews(): BookView[] {
  return [
    { id: 'all', name: t('viewAll'), search: {} },
    { id: 'largest', name: t('viewLargest'), search: { sort: '-value' } },
    { id: 'open', name: t('viewOpen'), search: { needs: 'open_items' } },
    { id: 'left', name: t('viewLeft'), search: { standing: 'left' } },
  ]
}

/** Named addresses of this page: those of the house, the person's own, and those that others share. */
export function BookViews({ search, onChange }: { search: BookSearch; onChange: (next: BookSearch, replace?: boolean) => void }) {
  const may = useMay('views.write')
  const { data, reload } = useRead(BookViewsDocument, {})
  const [dialog, setDialog] = useState<'save' | SavedView | null>(null)
  const saved = data?.savedViews ?? []
  useDefaultView(search, data?.savedViews, onChange)
  const views: BookView[] = [...standingViews(), ...saved.map(({ id, name, query }) => ({ id, name, search: searchOf(query) }))]
  const current = views.find((view) => sameView(view.search, search))
  const own = saved.find((view) => view.id === current?.id && view.isMine)
  return (
    <div className="mt-1 flex shrink-0 items-end gap-4 border-b border-line">
      <TabNav
        label={t('views')}
        className="min-w-0 border-b-0"
        tabs={views.map((view) => ({ id: view.id, label: view.name, current: view.id === current?.id }))}
        link={(tab, className, content) => {
          const shared = saved.find((view) => view.id === tab.id && !view.isMine)
          return (
            <Link
              to="/book"
              search={views.find((view) => view.id === tab.id)?.search ?? {}}
              className={className}
              aria-current={tab.current ? 'page' : undefined}
              title={shared ? t('sharedBy', { name: shared.owner.name }) : undefined}
            >
              {content}
            </Link>
          )
        }}
      />
      {may ? (
        <span className="flex h-10 shrink-0 items-center gap-1">
          {own ? <OwnView view={own} search={search} onEdit={() => setDialog(own)} onChanged={reload} /> : null}
          <Button size="sm" look="quiet" icon={Plus} onPress={() => setDialog('save')}>
            {t('saveView')}
          </Button>
        </span>
      ) : null}
      {dialog ? (
        <Suspense fallback={null}>
          <ViewDialog view={dialog === 'save' ? null : dialog} search={search} onClose={() => setDialog(null)} onSaved={reload} />
        </Suspense>
      ) : null}
    </div>
  )
}

/** The page opens with the view a person has chosen, unless the address says something else. */
function useDefaultView(search: BookSearch, saved: readonly SavedView[] | undefined, onChange: (next: BookSearch, replace?: boolean) => void) {
  const waits = useRef(queryOf(search) === '' && search.peek === undefined)
  useEffect(() => {
    if (!saved || !waits.current) return
    waits.current = false
    const view = saved.find((each) => each.isDefault)
    if (view && queryOf(search) === '') onChange(searchOf(view.query), true)
  }, [saved, search, onChange])
}

interface OwnViewProps {
  view: SavedView
  search: BookSearch
  onEdit: () => void
  onChanged: () => void
}

function OwnView({ view, search, onEdit, onChanged }: OwnViewProps) {
  const save = useCommand(SaveViewDocument, 'saveView', 'SaveViewSuccess')
  const remove = useCommand(DeleteViewDocument, 'deleteView', 'DeleteViewSuccess')
  const input = { page: 'BOOK' as const, name: view.name, query: view.query, isShared: view.isShared, isDefault: view.isDefault }
  const change = async (values: Partial<typeof input>, viewId: string | null) => {
    const answer = await save.run({ input: { ...input, ...values, viewId } }, t('viewSentence', { name: view.name }))
    if (answer.ok) onChanged()
    else if (answer.refusal) toast(answer.refusal.message, { status: 'breach' })
    return answer.ok
  }
  const takeAway = async () => {
    const answer = await remove.run({ input: { viewId: view.id } }, t('viewSentence', { name: view.name }))
    if (!answer.ok) {
      if (answer.refusal) toast(answer.refusal.message, { status: 'breach' })
      return
    }
    toast(t('viewRemoved', { name: view.name }), { action: { label: t('undo'), run: () => void change({}, null) } })
    onChanged()
  }
  const makeDefault = async () => {
    if (await change({ query: queryOf(search), isDefault: !view.isDefault }, view.id)) toast(t(view.isDefault ? 'viewNotDefault' : 'viewDefault', { name: view.name }))
  }
  return (
    <ActionMenu
      label={t('viewActions', { name: view.name })}
      trigger={<IconButton icon={Ellipsis} label={t('viewActions', { name: view.name })} />}
      actions={[
        { id: 'edit', label: t('viewEdit'), run: onEdit },
        { id: 'default', label: t(view.isDefault ? 'viewUnsetDefault' : 'viewSetDefault'), run: () => void makeDefault() },
        { id: 'remove', label: t('viewRemove'), run: () => void takeAway() },
      ]}
    />
  )
}
