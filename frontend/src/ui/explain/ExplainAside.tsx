import { useContext, useEffect, useEffectEvent, useRef, useState, type ReactNode } from 'react'
import { ExplainHost, type ExplainAsked } from '../Figure'
import { ExplainPanel, type ExplainFacts } from '../ExplainPanel'
import { words } from '../words'
import { ExplainLinkContext, type ExplainAccountLink } from './ExplainEvidence'
import { ExplainLoadContext } from './ExplainParts'
import type { ExplainLoad } from './types'

interface ExplainAsideProps {
  /** Reads the explanation of a part. */
  load: ExplainLoad
  /** Links to an account; without it accounts are names alone. */
  link?: ExplainAccountLink
  /** The policy and the export, at the foot of every explanation. */
  foot?: (asked: ExplainAsked) => ReactNode
  /** 44 px to touch, as in the portal. */
  touch?: boolean
  children: ReactNode
}

const nameAlone: ExplainAccountLink = (_, name) => name

/** A page that keeps room at its side for the explanation of whatever figure is asked; on a phone it takes the page. Esc closes it. */
export function ExplainAside({ load, link = nameAlone, foot, touch, children }: ExplainAsideProps) {
  const [asked, setAsked] = useState<ExplainAsked | null>(null)
  const close = () => {
    setAsked(null)
    asked?.anchor.focus()
  }
  return (
    <ExplainHost value={setAsked}>
      <ExplainLoadContext value={load}>
        <ExplainLinkContext value={link}>
        <div className="flex min-w-0 items-start gap-8">
          <div className="min-w-0 flex-1">{children}</div>
          {asked ? (
            <Aside key={`${asked.name ?? ''} ${asked.value}`} asked={asked} touch={touch} onClose={close}>
              {foot?.(asked)}
            </Aside>
          ) : null}
        </div>
        </ExplainLinkContext>
      </ExplainLoadContext>
    </ExplainHost>
  )
}

type Read = { state: 'reading' } | { state: 'read'; facts: ExplainFacts } | { state: 'failed' }

/** What was asked for, and the steps below it as soon as they are read. */
function useFacts({ facts }: ExplainAsked): Read {
  const load = useContext(ExplainLoadContext)
  const [read, setRead] = useState<Read>(facts.path ? { state: 'reading' } : { state: 'read', facts })
  const { path } = facts
  useEffect(() => {
    if (!path) return
    let wanted = true
    load(path).then(
      (found) => {
        if (wanted) setRead({ state: 'read', facts: found })
      },
      () => {
        if (wanted) setRead({ state: 'failed' })
      },
    )
    return () => {
      wanted = false
    }
  }, [load, path])
  return read
}

function Aside({ asked, touch, onClose, children }: { asked: ExplainAsked; touch: boolean | undefined; onClose: () => void; children: ReactNode }) {
  const panel = useRef<HTMLElement>(null)
  const read = useFacts(asked)
  const leave = useEffectEvent(onClose)
  useEffect(() => {
    panel.current?.focus()
    const escape = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) leave()
    }
    addEventListener('keydown', escape)
    return () => removeEventListener('keydown', escape)
  }, [])
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      data-touch={touch || undefined}
      aria-label={asked.name ? words('explainOf', { name: asked.name }) : words('explain')}
      className="w-[376px] shrink-0 border-l border-line bg-canvas pl-6 outline-none max-lg:fixed max-lg:inset-0 max-lg:z-40 max-lg:w-full max-lg:overflow-y-auto max-lg:border-l-0 max-lg:p-4 lg:sticky lg:top-0 lg:max-h-[calc(100dvh-56px)] lg:overflow-y-auto lg:pr-1 lg:pb-6"
    >
      <ExplainPanel
        name={asked.name}
        shown={asked.shown}
        value={asked.value}
        facts={read.state === 'read' ? { ...asked.facts, ...read.facts } : asked.facts}
        isReading={read.state === 'reading'}
        onClose={onClose}
      >
        {read.state === 'failed' ? (
          <p role="alert" className="text-12 text-negative">
            {words('explainFailed')}
          </p>
        ) : null}
        {children}
      </ExplainPanel>
    </aside>
  )
}
