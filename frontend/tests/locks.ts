/** The Web Locks of one browser, shared by every "tab" of a test. */
export function installLocks(): void {
  let last: Promise<unknown> = Promise.resolve()
  const locks = {
    request: (_name: string, work: () => Promise<unknown>) => {
      const next = last.then(work)
      last = next.catch(() => undefined)
      return next
    },
  }
  Object.defineProperty(navigator, 'locks', { configurable: true, value: locks })
}
