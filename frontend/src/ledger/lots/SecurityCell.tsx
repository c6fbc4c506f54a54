/** The symbol, and the name beside it where there is room. */
export function SecurityCell({ security, isBrief }: { security: { name: string; symbol: string | null }; isBrief: boolean }) {
  if (!security.symbol) return <span className="font-medium">{security.name}</span>
  return (
    <span title={security.name}>
      <span className={isBrief ? 'font-medium' : 'inline-block min-w-14 pr-2 font-medium'}>{security.symbol}</span>
      <span className={isBrief ? 'sr-only' : 'text-text-2 max-lg:sr-only'}>{security.name}</span>
    </span>
  )
}
