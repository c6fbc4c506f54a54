/** The firm's mark, served by the firm's own host; the dark one is chosen by the scheme in use. */
export function FirmLogo({ size = 24 }: { size?: number }) {
  return (
    <span className="inline-flex shrink-0" aria-hidden="true">
      <img src="/brand/logo-light.svg" alt="" width={size} height={size} className="dark-scheme:hidden" />
      <img src="/brand/logo-dark.svg" alt="" width={size} height={size} className="hidden dark-scheme:block" />
    </span>
  )
}

export function Avatar({ initials }: { initials: string }) {
  return (
    <span aria-hidden="true" className="inline-flex size-7 shrink-0 items-center justify-center rounded-full border border-line-strong bg-sunken text-12 font-medium text-text-2">
      {initials}
    </span>
  )
}
