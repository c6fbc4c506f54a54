import type { AccessPreviewQuery } from '@/generated/graphql'
import { partyWord } from '@/ui/party/words'
import { t } from './words'

export type AccessPath = AccessPreviewQuery['accessPreview']['subjects'][number]
type Step = AccessPath['via'][number]

function how(step: Step): string {
  const role = step.role ? partyWord(step.kind === 'MEMBER' ? 'member' : 'owner', step.role).toLowerCase() : ''
  switch (step.kind) {
    case 'GRANTED':
      return t('itself')
    case 'MEMBER':
      return t('how_MEMBER', { role })
    case 'OWNER':
      return t('how_OWNER', { role })
    case 'ACCOUNT_OWNER':
      return t('how_ACCOUNT_OWNER', { role })
    default:
      return t(`how_${step.kind}`)
  }
}

/** "Park Family › account of the household": from what was granted to the thing itself, which is not named again. */
export function wayOf(path: Pick<AccessPath, 'via'>): string {
  const last = path.via.length - 1
  if (last <= 0) return t('itself')
  return path.via.map((step, at) => (at === 0 ? step.subject.label : at === last ? how(step) : `${step.subject.label} (${how(step)})`)).join(' › ')
}
