import Pencil from 'lucide-react/icons/pencil'
import Plus from 'lucide-react/icons/plus'
import { lazy, Suspense, useState } from 'react'
import { can } from '@/domain/permissions'
import { Button, IconButton } from '@/ui/Button'
import { ActionMenu } from '@/ui/Menu'
import { AddDialogs, type Adding } from './AddDialogs'
import type { Household } from './HouseholdPage'
import { o } from './onboardingWords'
import { t } from './words'

const RenameDialog = lazy(() => import('./RenameDialog').then((m) => ({ default: m.RenameDialog })))
const PostDialog = lazy(() => import('@/ledger/PostDialog').then((m) => ({ default: m.PostDialog })))

const ADDITIONS = [
  ['PERSON', 'addPerson'],
  ['TRUST', 'addTrust'],
  ['COMPANY', 'addCompany'],
  ['ESTATE', 'addEstate'],
  ['KNOWN', 'addKnown'],
  ['ACCOUNT', 'openAccount'],
  ['KNOWN_ACCOUNT', 'addAccount'],
  ['DEBT', 'addDebt'],
] as const

type PostAccount = Household['accounts']['edges'][number]['node']

/** What this person may do with the household, and nothing else. */
export function HouseholdActions({ household, onChanged }: { household: Household; onChanged: () => void }) {
  const [renaming, setRenaming] = useState(false)
  const [posting, setPosting] = useState<PostAccount | null>(null)
  const [adding, setAdding] = useState<Adding | null>(null)
  const postable = household.accounts.edges.map(({ node }) => node).filter((account) => can(account, 'POST_TRANSACTION'))
  const first = postable[0]
  return (
    <>
      {can(household, 'EDIT_HOUSEHOLD') ? <IconButton icon={Pencil} label={t('rename')} onPress={() => setRenaming(true)} /> : null}
      {can(household, 'EDIT_HOUSEHOLD') ? (
        <ActionMenu
          label={o('addTo', { name: household.name })}
          trigger={
            <Button size="sm" icon={Plus}>
              {o('add')}
            </Button>
          }
          actions={ADDITIONS.map(([what, word]) => ({ id: what, label: o(word), run: () => setAdding(what) }))}
        />
      ) : null}
      <AddDialogs household={household} adding={adding} onClose={() => setAdding(null)} />
      {first && postable.length === 1 ? (
        <Button size="sm" icon={Plus} onPress={() => setPosting(first)}>
          {t('post')}
        </Button>
      ) : null}
      {postable.length > 1 ? (
        <ActionMenu
          label={t('postTo')}
          trigger={
            <Button size="sm" icon={Plus}>
              {t('post')}
            </Button>
          }
          actions={postable.map((account) => ({
            id: account.id,
            label: account.accountNumberLast4 ? `${account.name} ${account.accountNumberLast4}` : account.name,
            run: () => setPosting(account),
          }))}
        />
      ) : null}
      <Suspense fallback={null}>
        {renaming ? <RenameDialog household={household} onClose={() => setRenaming(false)} onChanged={onChanged} /> : null}
        {posting ? <PostDialog account={posting} onClose={() => setPosting(null)} /> : null}
      </Suspense>
    </>
  )
}
