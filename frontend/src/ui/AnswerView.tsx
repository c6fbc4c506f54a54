import type { ReactNode } from 'react'
import { Banner } from './Banner'
import { EmptyState, ErrorState, SkeletonRows } from './States'
import { words } from './words'

/** A failed request, as the data layer reads it. */
export interface FailureView {
  kind: string
  message: string
  requestId: string | null
}

interface AnswerViewProps<T> {
  /** What the screen needs; null or undefined when there is none. */
  value: T | null | undefined
  loading: boolean
  failure: FailureView | null
  onRetry: () => void
  skeleton?: ReactNode
  /** Title of the no-permission state. */
  forbidden?: string
  /** Said when the thing does not exist or may not be seen: the two are never told apart. */
  missing?: { title: string; hint: string; action?: ReactNode }
  /** The content is the whole page: what stands in its place carries its heading, and is padded like one unless it is `framed` already. */
  isPage?: boolean | 'framed'
  children: (value: T) => ReactNode
}

/** Skeleton, error, no permission, not found, or the content: one place decides which. */
export function AnswerView<T>({ value, loading, failure, onRetry, skeleton, forbidden, missing, isPage, children }: AnswerViewProps<T>) {
  if (value !== null && value !== undefined) {
    return (
      <>
        {failure && failure.kind !== 'missing' ? (
          <Banner status="attention" urgent>
            {words('refreshFailed', { message: failure.message })}
          </Banner>
        ) : null}
        {children(value)}
      </>
    )
  }
  if (loading) return <>{skeleton ?? <SkeletonRows />}</>
  const frame = isPage ? { isPage: true, className: isPage === 'framed' ? '' : 'px-8 max-sm:px-4' } : {}
  if (failure?.kind === 'forbidden') {
    return (
      <EmptyState kind="forbidden" {...frame} title={forbidden ?? words('forbiddenTitle')}>
        {words('forbiddenHint', { message: failure.message })}
      </EmptyState>
    )
  }
  if (!failure || failure.kind === 'missing') {
    return (
      <EmptyState kind="none" {...frame} title={missing?.title ?? words('missingTitle')} action={missing?.action}>
        {missing?.hint ?? words('missingHint')}
      </EmptyState>
    )
  }
  const error = <ErrorState message={failure.message} requestId={failure.requestId} onRetry={onRetry} isPage={Boolean(isPage)} />
  return isPage === true ? <div className="p-8 max-sm:p-4">{error}</div> : error
}
