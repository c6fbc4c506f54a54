import Pencil from 'lucide-react/icons/pencil'
import Plus from 'lucide-react/icons/plus'
import { lazy, Suspense, useState } from 'react'
import { can } from '@/domain/permissions'
import type { AccountQuery } from '@/generated/graphql'
import { Button, IconButton } from '@/ui/Button'
import { ActionMenu } from '@/ui/Menu'
import { t } from './words'

const PostDialog = lazy(() => import('@/ledger/PostDialog').then((m) => ({ default: m.PostDialog })))
const AccountEditDialog = lazy(() => import('@/clients/AccountDialogs').then((m) => ({ default: m.AccountEditDialog })))
const CloseAccountDialog = lazy(() => import('@/clients/AccountDialogs').then((m) => ({ default: m.CloseAccountDialog })))

type Account = NonNullable<AccountQuery['account']>

/** What this person may do with the account, and nothing else. */
export function AccountActions({ account }: { account: Account }) {
  const [doing, setDoing] = useState<'post' | 'edit' | 'close' | null>(null)
  const done = () => setDoing(null)
  return (
    <>
      {can(account, 'POST_TRANSACTION') ? (
        <Button size="sm" icon={Plus} onPress={() => setDoing('post')}>
          {t('post')}
        </Button>
      ) : null}
      {can(account, 'EDIT_OWNERS') ? (
        <ActionMenu
          label={t('change')}
          trigger={<IconButton icon={Pencil} label={t('change')} />}
          actions={[
            { id: 'edit', label: t('edit'), run: () => setDoing('edit') },
            { id: 'close', label: t(account.closedOn ? 'reopen' : 'close'), run: () => setDoing('close') },
          ]}
        />
      ) : null}
      <Suspense fallback={null}>
        {doing === 'post' ? <PostDialog account={account} onClose={done} /> : null}
        {doing === 'edit' ? <AccountEditDialog account={account} onClose={done} /> : null}
        {doing === 'close' ? <CloseAccountDialog account={account} onClose={done} /> : null}
      </Suspense>
    </>
  )
}
