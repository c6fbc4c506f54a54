import { useState } from 'react'
import { useRead } from '@/data'
import type { Refusal } from '@/data/outcome'
import { useCommand } from '@/data/useCommand'
import { MySessionsDocument, RevokeOtherSessionsDocument } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { PageHeading } from '@/ui/Heading'
import { RefusalNote } from '@/ui/RefusalNote'
import { toast } from '@/ui/Toast'
import { usePageTitle } from '@/ui/title'
import { SessionList } from './SessionList'
import { t } from './words'

const CRUMBS = [{ label: t('title'), to: '/settings' }]
const NOTHING = {}

/** Where this person is signed in. */
export function SessionsPage() {
  usePageTitle(t('sessionsTitle'), CRUMBS)
  const { data, loading, failure, reload } = useRead(MySessionsDocument, NOTHING)
  const others = useCommand(RevokeOtherSessionsDocument, 'revokeOtherSessions', 'RevokeOtherSessionsSuccess')
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const count = data?.viewer.sessions.filter((session) => !session.current).length ?? 0

  const endOthers = async () => {
    const answer = await others.run({ input: {} }, t('endOthersSentence'))
    setRefusal(answer.ok ? null : answer.refusal)
    if (!answer.ok) return
    toast(t('othersEnded', { count: answer.value.revokedCount }))
    reload()
  }

  return (
    <>
      <PageHeading
        sub={t('sessionsSub')}
        actions={
          count > 0 ? (
            <Button isPending={others.pending} onPress={() => void endOthers()}>
              {t('endOthers')}
            </Button>
          ) : null
        }
      >
        {t('sessionsTitle')}
      </PageHeading>
      <div className="grid max-w-[768px] gap-3 pt-4">
        {refusal ? <RefusalNote refusal={refusal} /> : null}
        <AnswerView value={data?.viewer.sessions} loading={loading} failure={failure} onRetry={reload}>
          {(sessions) => <SessionList label={t('sessionsList')} sessions={sessions} onChanged={reload} />}
        </AnswerView>
      </div>
    </>
  )
}
