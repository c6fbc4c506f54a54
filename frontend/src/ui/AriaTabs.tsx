import type { ReactNode } from 'react'
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components'
import { cx } from './cx'

interface TabsProps {
  label: string
  tabs: readonly { id: string; label: string; content: ReactNode }[]
  selected?: string
  onSelect?: (id: string) => void
}

/** Tabs inside one page or panel, where the choice is not a place of its own. */
export function Tabs({ label, tabs, selected, onSelect }: TabsProps) {
  return (
    <AriaTabs {...(selected === undefined ? {} : { selectedKey: selected })} onSelectionChange={(key) => onSelect?.(String(key))}>
      <TabList aria-label={label} className="flex gap-6 overflow-x-auto border-b border-line">
        {tabs.map((tab) => (
          <Tab
            key={tab.id}
            id={tab.id}
            className={({ isSelected }) =>
              cx(
                'flex h-10 shrink-0 cursor-pointer items-center border-b-2 text-14 whitespace-nowrap',
                isSelected ? 'border-accent font-semibold text-text' : 'border-transparent text-text-2 hover:text-text',
              )
            }
          >
            {tab.label}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className="pt-4">
          {tab.content}
        </TabPanel>
      ))}
    </AriaTabs>
  )
}
