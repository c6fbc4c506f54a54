import { Link } from '@tanstack/react-router'
import SquareArrowOutUpRight from 'lucide-react/icons/square-arrow-out-up-right'
import { useCallback, useState } from 'react'
import { useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { formatDate } from '@/domain/dates'
import { can } from '@/domain/permissions'
import { ActionPreviewDocument, type ActionPreviewQuery, type ActionPreviewQueryVariables, type DeskActionPartsFragment } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { detailWords } from '@/ui/codeWords'
import { Drawer } from '@/ui/Drawer'
import { useEnvironment } from '@/ui/environment'
import { Icon } from '@/ui/Icon'
import { Skeleton, SkeletonRows } from '@/ui/States'
import { StatusShape } from '@/ui/Status'
import { Effects } from './Effects'
import { PostActionDialog } from './PostActionDialog'
import { TermsForm, type Terms } from './TermsForm'
import { STATUS, useWhat } from './What'
import { t } from './words'

export type Preview = NonNullable<ActionPreviewQuery['corporateActionPreview']>

interface ActionPeekProps {
  id: string
  rows: readonly DeskActionPartsFragment[]
  total: number | null
  onMove: (id: string | null) => void
}

/** One action: its terms, what posting would do to each account's lots, and the posting. */
export function ActionPeek({ id, rows, total, onMove }: ActionPeekProps) {
  const [terms, setTerms] = useState<Terms>({})
  const [asking, setAsking] = useState<'post' | 'takeBack' | null>(null)
  const variables: ActionPreviewQueryVariables = { id, ...terms }
  const { data, loading, failure, reload } = useRead(ActionPreviewDocument, variables)
  useChanged('ledger', reload)
  const at = rows.findIndex((row) => row.id === id)
  const previous = at > 0 ? rows[at - 1] : undefined
  const next = at >= 0 ? rows[at + 1] : undefined
  const close = useCallback(() => onMove(null), [onMove])
  const preview = data?.corporateActionPreview
  const desk = preview?.deskAction ?? rows[at]
  const mayPost = desk !== undefined && can(desk, 'POST_CORPORATE_ACTION') && (preview?.entryCount ?? 0) > 0
  const mayTakeBack = desk !== undefined && can(desk, 'REVERSE_CORPORATE_ACTION')
  return (
    <>
      <Drawer
        label={desk ? t('peek', { name: desk.security.name, kind: desk.action.type }) : t('peekLoading')}
        onClose={close}
        onPrevious={previous ? () => onMove(previous.id) : undefined}
        onNext={next ? () => onMove(next.id) : undefined}
        {...(at >= 0 ? { position: { at: at + 1, of: total } } : {})}
        open={
          desk ? (
            <Link
              to="/securities/$id"
              params={{ id: desk.security.id }}
              aria-label={t('openSecurity')}
              className="inline-flex size-7 items-center justify-center rounded-control hover:bg-hover"
            >
              <Icon of={SquareArrowOutUpRight} />
            </Link>
          ) : null
        }
        foot={
          mayPost || mayTakeBack ? (
            <>
              {mayPost ? (
                <Button look="primary" size="lg" className="flex-1" onPress={() => setAsking('post')}>
                  {t('post')}
                </Button>
              ) : null}
              {mayTakeBack ? (
                <Button size="lg" className="flex-1" onPress={() => setAsking('takeBack')}>
                  {t('takeBack')}
                </Button>
              ) : null}
            </>
          ) : null
        }
      >
        <div className="grid gap-4">
          {desk ? <Facts desk={desk} /> : null}
          {desk && (desk.state === 'DUE' || desk.state === 'ANNOUNCED' || desk.state === 'CONTRADICTED') ? (
            <TermsForm desk={desk} told={preview?.terms ?? null} onApply={setTerms} />
          ) : null}
          <AnswerView
            value={preview}
            loading={loading}
            failure={failure}
            onRetry={reload}
            skeleton={
              <div className="grid gap-4">
                <Skeleton className="h-7 w-56" />
                <SkeletonRows rows={6} />
              </div>
            }
            missing={{ title: t('peekMissing'), hint: t('peekMissingHint') }}
          >
            {(found) => <Effects preview={found} />}
          </AnswerView>
        </div>
      </Drawer>
      {asking && desk && preview ? <PostActionDialog is={asking} desk={desk} preview={preview} terms={terms} onClose={() => setAsking(null)} /> : null}
    </>
  )
}

function Facts({ desk }: { desk: DeskActionPartsFragment }) {
  const { locale } = useEnvironment()
  const what = useWhat(desk)
  const { action } = desk
  return (
    <div>
      <h2 className="text-20 font-semibold display">
        {desk.security.symbol ? `${desk.security.symbol} ` : ''}
        <span className={desk.security.symbol ? 'font-medium text-text-2' : ''}>{desk.security.name}</span>
      </h2>
      <p className="text-16">{what}</p>
      <p className="flex flex-wrap items-center gap-x-3 text-12 text-text-2">
        <span className="inline-flex items-center gap-1.5">
          <StatusShape is={STATUS[desk.state]} />
          {t(`state${desk.state}`)}
        </span>
        <span>{t('exDateOf', { date: formatDate(locale, action.exDate) })}</span>
        {action.payDate ? <span>{t('payDateOf', { date: formatDate(locale, action.payDate) })}</span> : null}
        <span>{t('from', { source: detailWords(action.source) })}</span>
      </p>
      {action.description ? <p className="pt-1 text-text-2">{action.description}</p> : null}
    </div>
  )
}
