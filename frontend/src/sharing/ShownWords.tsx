import { useRead } from '@/data'
import { formatDate } from '@/domain/dates'
import { SharePreviewDocument, type SharePreviewQuery } from '@/generated/graphql'
import { useEnvironment } from '@/ui/environment'
import { Skeleton } from '@/ui/States'
import { Status } from '@/ui/Status'
import type { Somebody } from './search'
import { countWord, leftOut, t, type Relationship } from './words'

type Preview = SharePreviewQuery['sharePreview']
const NAMED_MAX = 4

interface ShownWordsProps {
  subjectId: string
  who: Somebody | null
  relationship: Relationship
  from: string
  to: string
}

/** In words, before anything is given: what the person will see, what of it is new, and when it goes by itself. */
export function ShownWords({ subjectId, who, relationship, from, to }: ShownWordsProps) {
  const { locale } = useEnvironment()
  const { data, loading, failure } = useRead(SharePreviewDocument, { subjectId, principalId: who?.id ?? null, relationship })
  const preview = data?.sharePreview
  const name = who?.label ?? t('somebody')
  return (
    <section aria-label={t('willSee', { who: name })} aria-live="polite" className="rounded-surface border border-line bg-rail p-3">
      <h3 className="font-semibold">{t('willSee', { who: name })}</h3>
      {from === '' ? null : (
        <p className="text-12 text-text-2">
          {to === '' ? t('willSeeOpen', { date: formatDate(locale, from) }) : t('willSeeUntil', { date: formatDate(locale, from), until: formatDate(locale, to) })}
        </p>
      )}
      {loading ? <Skeleton className="mt-2 w-64" /> : null}
      {failure ? (
        <p className="mt-2">
          <Status is="breach" className="whitespace-normal!">
            {failure.message}
          </Status>
        </p>
      ) : null}
      {preview && !failure ? <Reached preview={preview} isClient={who?.kind !== 'STAFF'} /> : null}
    </section>
  )
}

function Reached({ preview, isClient }: { preview: Preview; isClient: boolean }) {
  const { locale } = useEnvironment()
  const all = preview.counts.reduce((sum, each) => sum + each.count, 0)
  const fresh = preview.counts.reduce((sum, each) => sum + each.newCount, 0)
  const out = isClient ? leftOut(preview.subject.kind) : null
  return (
    <>
      {all === 0 ? <p className="mt-2">{t('willSeeNothing')}</p> : null}
      <ul className="mt-2 grid gap-1">
        {preview.counts.map(({ kind, count }) => {
          const named = preview.subjects.filter(({ subject }) => subject.kind === kind).slice(0, NAMED_MAX)
          const names = named.map(({ subject }) => subject.label)
          if (count > named.length) names.push(t('andMore', { count: count - named.length }))
          return (
            <li key={kind}>
              <span className="font-medium">{countWord(kind, count)}</span>
              <span className="text-text-2">: {names.join(', ')}</span>
            </li>
          )
        })}
      </ul>
      {preview.subjects
        .filter(({ endsOn }) => endsOn !== null)
        .map(({ subject, endsOn }) => (
          <p key={subject.id} className="mt-1 text-text-2">
            {t('endsItself', { name: subject.label, date: formatDate(locale, endsOn ?? '') })}
          </p>
        ))}
      {all > 0 && fresh < all ? <p className="mt-1 text-text-2">{fresh === 0 ? t('nothingNew') : t('someNew', { count: fresh })}</p> : null}
      {out ? <p className="mt-1 text-12 text-text-2">{out}</p> : null}
    </>
  )
}
