import { useEffect, useState, type ReactNode } from 'react'
import { ComboBox, FieldError, Input, Label, ListBox, ListBoxItem, Popover, Text } from 'react-aria-components'
import { detailWords } from './codeWords'
import { cx } from './cx'
import { MENU_ITEM_CLASS } from './Select'
import { FIELD_CLASS } from './TextField'
import { words } from './words'

export interface Found {
  id: string
  label: string
  detail?: string | null
}

interface SearchPickerProps {
  label: ReactNode
  /** The chosen thing; its label stands in the field. */
  value: Found | null
  onChange: (value: Found | null) => void
  /** Asks the server; a later question cancels an earlier one through the signal. */
  search: (query: string, signal: AbortSignal) => Promise<readonly Found[]>
  placeholder?: string
  none: string
  description?: ReactNode
  error?: ReactNode
  isRequired?: boolean
  /** Offered before anything is typed: those most likely meant. */
  suggested?: readonly Found[]
  className?: string
}

const SEARCH_FROM = 2
const DEBOUNCE_MS = 150
const NONE: readonly Found[] = []

/** One thing out of too many to list: typed for, found by the server, chosen. */
export function SearchPicker({ label, value, onChange, search, placeholder, none, description, error, isRequired, suggested = NONE, className }: SearchPickerProps) {
  const [typed, setTyped] = useState(value?.label ?? '')
  const [found, setFound] = useState<readonly Found[]>(value ? [value] : [])
  const [searching, setSearching] = useState(false)
  const wanted = typed.trim()
  const asks = wanted.length >= SEARCH_FROM && wanted !== value?.label

  useEffect(() => {
    if (!asks) return
    const controller = new AbortController()
    const timer = setTimeout(() => {
      setSearching(true)
      search(wanted, controller.signal).then(
        (hits) => {
          if (controller.signal.aborted) return
          setFound(hits)
          setSearching(false)
        },
        () => {
          if (controller.signal.aborted) return
          setFound([])
          setSearching(false)
        },
      )
    }, DEBOUNCE_MS)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [asks, wanted, search])

  const near = wanted === '' || wanted === value?.label ? suggested : suggested.filter((one) => one.label.toLowerCase().includes(wanted.toLowerCase()))
  const offered = near.length === 0 ? found : [...near, ...(asks ? found.filter((one) => !near.some((other) => other.id === one.id)) : [])]

  return (
    <ComboBox
      inputValue={typed}
      onInputChange={(text) => {
        setTyped(text)
        if (value && text !== value.label) onChange(null)
      }}
      value={value?.id ?? null}
      onChange={(key) => {
        if (key === null) return
        const hit = offered.find((one) => one.id === key)
        if (!hit) return
        setTyped(hit.label)
        onChange(hit)
      }}
      allowsEmptyCollection
      menuTrigger={suggested.length > 0 ? 'focus' : 'input'}
      items={offered as Found[]}
      isInvalid={Boolean(error)}
      isRequired={isRequired ?? false}
      validationBehavior="aria"
      className={cx('flex flex-col gap-1.5', className)}
    >
      <Label className="text-14 font-medium">{label}</Label>
      <Input placeholder={placeholder} className={cx(FIELD_CLASS, 'h-9 px-3')} />
      {description ? (
        <Text slot="description" className="text-12 text-text-3">
          {description}
        </Text>
      ) : null}
      {error ? <FieldError className="text-12 text-negative">{error}</FieldError> : null}
      <Popover offset={4} className="w-(--trigger-width) min-w-64 rounded-surface bg-raised p-1 shadow-overlay">
        <ListBox
          className="max-h-72 overflow-auto outline-none"
          renderEmptyState={() => <div className="px-2 py-1.5 text-text-3">{searching || !asks ? words(asks ? 'paletteSearching' : 'palettePrompt') : none}</div>}
        >
          {(hit: Found) => (
            <ListBoxItem id={hit.id} textValue={hit.label} className={MENU_ITEM_CLASS}>
              <span className="min-w-0">
                {hit.label}
                {hit.detail ? <span className="block text-12 text-text-3">{detailWords(hit.detail)}</span> : null}
              </span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  )
}
