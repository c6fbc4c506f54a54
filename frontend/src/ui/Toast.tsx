import X from 'lucide-react/icons/x'
import { useEffect, useSyncExternalStore, type ReactNode } from 'react'
import { Icon } from './Icon'
import { StatusShape, type StatusKind } from './Status'
import { words } from './words'

export interface ToastView {
  id: number
  message: string
  status: StatusKind
  /** Undo for what can be undone. */
  action?: { label: string; run: () => void }
}

const LIFE_MS = 8_000
const LIMIT = 4
let toasts: readonly ToastView[] = []
let lastId = 0
const listeners = new Set<() => void>()

function publish(next: readonly ToastView[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

/** Says briefly that something was done. What must be read belongs on the page, not here. */
export function toast(message: string, options: { status?: StatusKind; action?: ToastView['action'] } = {}): void {
  lastId += 1
  const view: ToastView = { id: lastId, message, status: options.status ?? 'fine', ...(options.action ? { action: options.action } : {}) }
  publish([...toasts, view].slice(-LIMIT))
}

export function dismissToast(id: number): void {
  publish(toasts.filter((view) => view.id !== id))
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <div role="status" aria-live="polite" className="pointer-events-none fixed inset-x-0 bottom-4 z-60 flex flex-col items-center gap-2 px-4 max-sm:bottom-24">
      {shown.map((view) => (
        <ToastItem key={view.id} view={view} />
      ))}
    </div>
  )
}

function ToastItem({ view }: { view: ToastView }): ReactNode {
  const { id, action } = view
  useEffect(() => {
    const timer = setTimeout(() => dismissToast(id), LIFE_MS)
    return () => clearTimeout(timer)
  }, [id])
  return (
    <div className="pointer-events-auto flex max-w-full items-center gap-3 rounded-surface bg-raised py-2 pr-2 pl-4 shadow-overlay">
      <StatusShape is={view.status} />
      <span>{view.message}</span>
      {action ? (
        <button
          type="button"
          className="min-h-6 rounded-chip px-1 font-medium text-accent hover:underline"
          onClick={() => {
            action.run()
            dismissToast(id)
          }}
        >
          {action.label}
        </button>
      ) : null}
      <button type="button" aria-label={words('close')} className="inline-flex size-7 items-center justify-center rounded-control hover:bg-hover" onClick={() => dismissToast(id)}>
        <Icon of={X} />
      </button>
    </div>
  )
}
