/** The name of an account and the end of its number. Where there is little room the name is cut, the number never. */
export function AccountName({ name, last4 }: { name: string; last4: string | null }) {
  return (
    <span className="inline-flex max-w-full min-w-0 gap-1 align-bottom">
      <span className="truncate">{name}</span>
      {last4 ? <span className="identifier shrink-0 font-normal text-text-3">{last4}</span> : null}
    </span>
  )
}
