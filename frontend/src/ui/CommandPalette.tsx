import Search from 'lucide-react/icons/search'
import type { LucideIcon } from 'lucide-react'
import { useDeferredValue, useEffect, useId, useMemo, useRef, useState } from 'react'
import { Dialog, Modal, ModalOverlay } from 'react-aria-components'
import { cx } from './cx'
import { Icon } from './Icon'
import { words } from './words'

export interface Command {
  id: string
  /** Heading the command stands under: "Go to", "Households", "Act". */
  group: string
  label: string
  detail?: string | null
  icon?: LucideIcon
  run: () => void
}

interface CommandPaletteProps {
  isOpen: boolean
  onClose: () => void
  /** Places and actions this person may use. */
  commands: readonly Command[]
  /** Asks the server; a later question cancels an earlier one through the signal. */
  search: (query: string, signal: AbortSignal) => Promise<readonly Command[]>
}

const SEARCH_FROM = 2
const DEBOUNCE_MS = 120

interface Found {
  query: string
  commands: readonly Command[]
}

/** Search, go to, act: everything by keyboard. */
export function CommandPalette(props: CommandPaletteProps) {
  return (
    <ModalOverlay
      isOpen={props.isOpen}
      onOpenChange={(open) => {
        if (!open) props.onClose()
      }}
      isDismissable
      className="fixed inset-0 z-50 flex items-start justify-center bg-(--scrim) p-4 pt-[12vh] max-sm:p-2"
    >
      <Modal className="w-full max-w-[600px] overflow-hidden rounded-surface bg-raised shadow-overlay">
        <Dialog aria-label={words('palettePrompt')} className="outline-none">
          <PaletteBody {...props} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function useServerSearch(query: string, search: CommandPaletteProps['search']): { found: Found; waiting: boolean } {
  const [found, setFound] = useState<Found>({ query: '', commands: [] })
  const wanted = query.trim()
  useEffect(() => {
    if (wanted.length < SEARCH_FROM) return
    const controller = new AbortController()
    const timer = setTimeout(() => {
      search(wanted, controller.signal).then(
        (commands) => {
          if (!controller.signal.aborted) setFound({ query: wanted, commands })
        },
        () => {
          if (!controller.signal.aborted) setFound({ query: wanted, commands: [] })
        },
      )
    }, DEBOUNCE_MS)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [wanted, search])
  return { found, waiting: wanted.length >= SEARCH_FROM && found.query !== wanted }
}

function PaletteBody({ onClose, commands, search }: CommandPaletteProps) {
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const listId = useId()
  const list = useRef<HTMLDivElement>(null)
  const asked = useDeferredValue(query)
  const { found, waiting } = useServerSearch(asked, search)
  const shown = useMemo(() => {
    const wanted = asked.trim().toLocaleLowerCase()
    const local = wanted ? commands.filter((command) => command.label.toLocaleLowerCase().includes(wanted)) : commands
    const remote = wanted.length >= SEARCH_FROM && found.query !== '' ? found.commands : []
    return [...local, ...remote]
  }, [asked, commands, found])
  const at = Math.min(active, Math.max(0, shown.length - 1))

  const choose = (command: Command | undefined) => {
    if (!command) return
    onClose()
    command.run()
  }
  const move = (next: number) => {
    const wrapped = (next + shown.length) % Math.max(1, shown.length)
    setActive(wrapped)
    list.current?.querySelector(`[data-index="${wrapped}"]`)?.scrollIntoView({ block: 'nearest' })
  }

  return (
    <>
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Icon of={Search} className="text-text-3" />
        <input
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={shown.length > 0 ? `${listId}-${at}` : undefined}
          aria-autocomplete="list"
          aria-label={words('palettePrompt')}
          placeholder={words('palettePrompt')}
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value)
            setActive(0)
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') move(at + 1)
            else if (event.key === 'ArrowUp') move(at - 1)
            else if (event.key === 'Home') move(0)
            else if (event.key === 'End') move(shown.length - 1)
            else if (event.key === 'Enter') choose(shown[at])
            else return
            event.preventDefault()
          }}
          className="h-12 min-w-0 flex-1 bg-transparent text-16 outline-none placeholder:text-text-3 focus-visible:outline-none"
        />
      </div>
      <div ref={list} id={listId} role="listbox" aria-label={words('palettePrompt')} aria-busy={waiting} className="max-h-[50vh] overflow-y-auto p-2">
        {shown.map((command, index) => (
          <PaletteRow
            key={command.id}
            command={command}
            heading={shown[index - 1]?.group === command.group ? null : command.group}
            id={`${listId}-${index}`}
            index={index}
            active={index === at}
            onChoose={() => choose(command)}
            onPoint={() => setActive(index)}
          />
        ))}
      </div>
      <p role="status" className="border-t border-line px-4 py-2 text-12 text-text-3">
        {waiting ? words('paletteSearching') : shown.length === 0 ? words('paletteNone', { query: asked.trim() }) : words('paletteHint')}
      </p>
    </>
  )
}

interface PaletteRowProps {
  command: Command
  heading: string | null
  id: string
  index: number
  active: boolean
  onChoose: () => void
  onPoint: () => void
}

function PaletteRow({ command, heading, id, index, active, onChoose, onPoint }: PaletteRowProps) {
  return (
    <>
      {heading === null ? null : (
        <div role="presentation" className="px-2 pt-2 pb-1 text-12 font-semibold text-text-3">
          {heading}
        </div>
      )}
      {/* The input keeps the focus and holds the keys; the pointer is the only thing handled here. */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events */}
      <div
        id={id}
        tabIndex={-1}
        role="option"
        data-index={index}
        aria-selected={active}
        onClick={onChoose}
        onPointerMove={onPoint}
        className={cx('flex min-h-9 cursor-pointer items-center gap-3 rounded-chip px-2', active && 'bg-accent-soft')}
      >
        {command.icon ? <Icon of={command.icon} className={active ? 'text-accent' : 'text-text-2'} /> : null}
        <span className="truncate font-medium">{command.label}</span>
        {command.detail ? <span className="ml-auto truncate text-12 text-text-3">{command.detail}</span> : null}
      </div>
    </>
  )
}
