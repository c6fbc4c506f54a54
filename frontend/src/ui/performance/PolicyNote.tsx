import type { PolicyView } from './types'
import { conventionWords, perfWords } from './words'

/** Printed beside every figure: which conventions made it, and who chose them. */
export function PolicyNote({ policy, className }: { policy: PolicyView; className?: string }) {
  return (
    <details className={`text-12 text-text-2 ${className ?? ''}`}>
      <summary className="min-h-6 cursor-pointer content-center in-data-[touch]:min-h-11">
        {perfWords('policyTitle')}: {perfWords('policyLine', { version: policy.version })}, <span className="identifier">{policy.digest.slice(0, 12)}</span>
      </summary>
      <dl className="grid gap-x-8 pt-1 sm:grid-cols-2">
        {policy.choices.map((choice) => (
          <div key={choice.name} className="flex flex-wrap justify-between gap-x-4 border-b border-line py-1">
            <dt className="min-w-0">{conventionWords(choice.name)}</dt>
            <dd className="ml-auto min-w-0 text-right break-words">
              <span className="font-medium text-text">{conventionWords(choice.value)}</span>{' '}
              <span className="text-text-3">{perfWords('policyFrom', { origin: conventionWords(choice.origin).toLowerCase() })}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p className="pt-1 identifier break-all text-text-3">{perfWords('policyDigest', { digest: policy.digest })}</p>
    </details>
  )
}
