/** As long as the slowest hand may take for a double click. */
const LONGEST_MS = 1_000

/**
 * The second click of a double click belongs to what the first one was on: what opens beside a list may have moved
 * something else under the pointer by then, and that must not be pressed.
 */
export function onSecondClick(act: () => void): void {
  const end = () => {
    clearTimeout(timer)
    document.removeEventListener('click', second, { capture: true })
  }
  const second = (event: MouseEvent) => {
    end()
    if (event.detail !== 2) return
    event.preventDefault()
    event.stopPropagation()
    act()
  }
  const timer = setTimeout(end, LONGEST_MS)
  document.addEventListener('click', second, { capture: true })
}
