/** Words on the screen that did not come through the catalogue, in the pseudo-locale. Data is what a test passes in. */
export function uncataloguedText(container: Element, data: readonly string[]): string[] {
  const found: string[] = []
  const shown: [string, string][] = []
  const walker = document.createTreeWalker(container, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const within = node.parentElement
    if (within?.closest('style,script,title')) continue
    shown.push(['text', node.textContent ?? ''])
  }
  for (const element of container.querySelectorAll('*')) {
    for (const name of ['aria-label', 'placeholder', 'title', 'alt', 'aria-description', 'aria-valuetext']) {
      const value = element.getAttribute(name)
      if (value) shown.push([name, value])
    }
  }
  const known = data.toSorted((a, b) => b.length - a.length)
  for (const [where, text] of shown) {
    let rest = text.replace(/⟦[^⟧]*⟧/g, '')
    for (const each of known) rest = rest.replaceAll(each, '')
    if (/\p{L}{2,}/u.test(rest)) found.push(`${where}: ${text}`)
  }
  return found
}
