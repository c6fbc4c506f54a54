import { groupingIn, HOLDING_GROUPS, type HoldingsSearch } from '@/domain/holdings'
import { MenuChip } from '@/ui/MenuChip'
import { KnownAtBanner, KnownAtControl } from '@/ui/performance/KnownAt'
import { ledgerWords } from '@/ui/ledger/words'
import { Toolbar } from '@/ui/Toolbar'

interface HoldingsToolsProps {
  search: HoldingsSearch
  /** Of one account, where holdings stand one by one unless they are grouped. */
  isOneAccount?: boolean
  onSearch: (change: { [Key in keyof HoldingsSearch]?: string | undefined }) => void
}

/** How holdings are told apart, and as known when; both are part of the address. */
export function HoldingsTools({ search, isOneAccount, onSearch }: HoldingsToolsProps) {
  const [first] = HOLDING_GROUPS
  const by = groupingIn(search, HOLDING_GROUPS)
  return (
    <>
      {search.knownAt ? (
        <div className="-mx-8 -mt-5 mb-4 max-sm:-mx-4">
          <KnownAtBanner value={search.knownAt} bookVersion={null} onBack={() => onSearch({ knownAt: undefined })} />
        </div>
      ) : null}
      <div className="pb-4">
        <Toolbar label={ledgerWords('holdings')} aside={<KnownAtControl value={search.knownAt ?? null} onChange={(moment) => onSearch({ knownAt: moment ?? undefined })} />}>
          <MenuChip
            label={ledgerWords('groupBy')}
            value={by}
            active={by !== first}
            choices={HOLDING_GROUPS.map((value) => ({ value, label: isOneAccount && value === first ? ledgerWords('ungrouped') : ledgerWords(`by_${value}`) }))}
            onChange={(next) => onSearch({ by: next === first ? undefined : next.toLowerCase() })}
          />
        </Toolbar>
      </div>
    </>
  )
}
