/** "MUTUAL_FUND" is "Mutual fund": for a code that has no word of its own in the catalogue. */
export function wordsOfCode(code: string): string {
  const words = code.replace(/[._]+/g, ' ').trim().toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
