import { parseDate } from '@internationalized/date'
import ChevronLeft from 'lucide-react/icons/chevron-left'
import ChevronRight from 'lucide-react/icons/chevron-right'
import type { RefObject } from 'react'
import { Button, Calendar, CalendarCell, CalendarGrid, Dialog, Heading, I18nProvider, Popover } from 'react-aria-components'
import { useEnvironment } from './environment'
import { Icon } from './Icon'

interface CalendarPopoverProps {
  anchor: RefObject<HTMLElement | null>
  label: string
  value: string
  min: string | undefined
  max: string | undefined
  onPick: (day: string) => void
  onClose: () => void
}

const STEP = 'inline-flex size-9 items-center justify-center rounded-control text-text-2 hover:bg-hover disabled:text-text-3 disabled:opacity-50'

/** A month to pick a day from, in the firm's language and with its first day of the week. */
export function CalendarPopover({ anchor, label, value, min, max, onPick, onClose }: CalendarPopoverProps) {
  const { locale, businessDate } = useEnvironment()
  const shown = value || businessDate
  return (
    <I18nProvider locale={locale}>
      <Popover
        isOpen
        triggerRef={anchor}
        offset={6}
        placement="bottom start"
        onOpenChange={(open) => {
          if (!open) onClose()
        }}
        className="rounded-surface bg-raised p-3 shadow-overlay"
      >
        <Dialog aria-label={label} className="outline-none">
          <Calendar
            aria-label={label}
            autoFocus
            value={value ? parseDate(value) : null}
            defaultFocusedValue={shown ? parseDate(shown) : null}
            minValue={min ? parseDate(min) : null}
            maxValue={max ? parseDate(max) : null}
            onChange={(day) => onPick(day.toString())}
          >
            <header className="flex items-center justify-between pb-2">
              <Button slot="previous" className={STEP}>
                <Icon of={ChevronLeft} />
              </Button>
              <Heading className="text-14 font-semibold" />
              <Button slot="next" className={STEP}>
                <Icon of={ChevronRight} />
              </Button>
            </header>
            <CalendarGrid weekdayStyle="short" className="text-center text-14 [&_th]:pb-1 [&_th]:text-12 [&_th]:font-medium [&_th]:text-text-2">
              {(date) => (
                <CalendarCell
                  date={date}
                  className="flex size-9 cursor-default items-center justify-center rounded-control hover:bg-hover outside-month:hidden disabled:text-text-3 disabled:opacity-60 selected:bg-accent selected:font-semibold selected:text-on-accent focus-visible:outline-2 focus-visible:outline-offset-1 focus-visible:outline-accent"
                />
              )}
            </CalendarGrid>
          </Calendar>
        </Dialog>
      </Popover>
    </I18nProvider>
  )
}
