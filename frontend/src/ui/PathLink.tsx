import { useRouter } from '@tanstack/react-router'
import type { MouseEvent, ReactNode } from 'react'

interface PathLinkProps {
  /** A path of this app as the server or a saved view holds it, such as "/work?kind=import". */
  to: string
  children: ReactNode
  className?: string
  label?: string
  current?: boolean
}

/** A link to a path that is data, not code. Anything but a path of this app is shown as plain text. */
export function PathLink({ to, children, className, label, current }: PathLinkProps) {
  const router = useRouter()
  // "//host" and "/\host" would leave the app.
  if (!/^\/(?![/\\])/.test(to)) return <span className={className}>{children}</span>
  const follow = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    router.history.push(to)
  }
  return (
    <a href={to} onClick={follow} className={className} aria-label={label} aria-current={current ? 'page' : undefined}>
      {children}
    </a>
  )
}
