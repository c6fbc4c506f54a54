import Eye from 'lucide-react/icons/eye'
import LogOut from 'lucide-react/icons/log-out'
import Moon from 'lucide-react/icons/moon'
import Plus from 'lucide-react/icons/plus'
import Sun from 'lucide-react/icons/sun'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { useData } from '@/data/context'
import type { Room } from '@/data/routes'
import { session } from '@/data/session'
import { useViewer } from '@/data/viewer'
import { may, mayMakeHouseholds } from '@/domain/permissions'
import { SETTINGS_PLACES } from '@/features/settings/places'
import { t as settingsWords } from '@/features/settings/words'
import { SearchDocument, type SearchKind } from '@/generated/graphql'
import { detailWords } from '@/ui/codeWords'
import { CommandPalette, type Command } from '@/ui/CommandPalette'
import { setPrivacy, setScheme, usePreferences } from '@/ui/preferences'
import { pathOfHit, SEARCHED_KINDS } from './places'
import { t } from './words'

const KIND_WORDS: Record<SearchKind, 'kindHOUSEHOLD' | 'kindPARTY' | 'kindACCOUNT' | 'kindSECURITY' | 'kindUSER'> = {
  HOUSEHOLD: 'kindHOUSEHOLD',
  PARTY: 'kindPARTY',
  ACCOUNT: 'kindACCOUNT',
  SECURITY: 'kindSECURITY',
  USER: 'kindUSER',
}

/** The rooms this person may open, what can be done anywhere, and what the server finds. */
export function Palette({ rooms, onClose }: { rooms: readonly Room[]; onClose: () => void }) {
  const navigate = useNavigate()
  const { bulk } = useData()
  const { privacy } = usePreferences()
  const viewer = useViewer()
  const go = useCallback((href: string) => void navigate({ href }), [navigate])
  const commands = useMemo<Command[]>(
    () => [
      ...rooms.map((room) => ({ id: room.id, group: t('goTo'), label: room.label(), icon: room.icon, run: () => go(room.path) })),
      ...SETTINGS_PLACES.filter((place) => may(viewer, place.permission)).map((place) => ({
        id: place.to,
        group: settingsWords('title'),
        label: settingsWords(place.word),
        run: () => go(place.to),
      })),
      ...(mayMakeHouseholds(viewer) ? [{ id: 'new-household', group: t('act'), label: t('newHousehold'), icon: Plus, run: () => go('/onboard') }] : []),
      { id: 'privacy', group: t('act'), label: t(privacy ? 'showAmounts' : 'hideAmounts'), icon: Eye, run: () => setPrivacy(!privacy) },
      { id: 'light', group: t('act'), label: `${t('theme')}: ${t('themeLight')}`, icon: Sun, run: () => setScheme('light') },
      { id: 'dark', group: t('act'), label: `${t('theme')}: ${t('themeDark')}`, icon: Moon, run: () => setScheme('dark') },
      { id: 'sign-out', group: t('act'), label: t('signOut'), icon: LogOut, run: () => void session.signOut() },
    ],
    [rooms, viewer, privacy, go],
  )
  const search = useCallback(
    async (query: string, signal: AbortSignal): Promise<Command[]> => {
      const { data } = await bulk.query(SearchDocument, { query, kinds: [...SEARCHED_KINDS] }, { fetchOptions: { signal, credentials: 'same-origin' } }).toPromise()
      return (data?.search.groups ?? []).flatMap((group) =>
        group.hits.map((hit) => ({
          id: hit.id,
          group: t(KIND_WORDS[hit.kind]),
          label: hit.title,
          detail: hit.subtitle ? detailWords(hit.subtitle) : null,
          run: () => go(pathOfHit(hit.kind, hit.id)),
        })),
      )
    },
    [bulk, go],
  )
  return <CommandPalette isOpen onClose={onClose} commands={commands} search={search} />
}
