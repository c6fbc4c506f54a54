import './gallery.css'
import Building from 'lucide-react/icons/building'
import Download from 'lucide-react/icons/download'
import ExternalLink from 'lucide-react/icons/external-link'
import ListFilter from 'lucide-react/icons/list-filter'
import { useMemo, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { compare } from '../src/domain/decimal'
import { formatMoneyTick } from '../src/domain/format'
import { Tabs } from '../src/ui/AriaTabs'
import { Banner } from '../src/ui/Banner'
import { applyBrand } from '../src/ui/brand'
import { Button } from '../src/ui/Button'
import { LineChart } from '../src/ui/Chart'
import { Checkbox, Switch } from '../src/ui/Checkbox'
import { Chip, FilterChip } from '../src/ui/Chip'
import { MenuChip } from '../src/ui/MenuChip'
import { CommandPalette } from '../src/ui/CommandPalette'
import { DataGrid, SelectionBar, type GridColumn, type GridSort } from '../src/ui/DataGrid'
import { Drawer } from '../src/ui/Drawer'
import { EnvironmentProvider } from '../src/ui/environment'
import { BasisLine, Figure, FigureBlock, FigureRow, MoneyFigure, type MoneyFigureValue } from '../src/ui/Figure'
import { Findings, LockedAction } from '../src/ui/Findings'
import { PageHeading, SectionHeading } from '../src/ui/Heading'
import { Dialog, Sheet } from '../src/ui/Overlay'
import { setScheme, startPreferences } from '../src/ui/preferences'
import { QueueRow } from '../src/ui/QueueRow'
import { Select } from '../src/ui/Select'
import { Sparkline } from '../src/ui/Sparkline'
import { StageRail } from '../src/ui/StageRail'
import { EmptyState, ErrorState, SkeletonRows } from '../src/ui/States'
import { Status, type StatusKind } from '../src/ui/Status'
import { TabNav } from '../src/ui/Tabs'
import { TextField } from '../src/ui/TextField'
import { Tiles } from '../src/ui/Tiles'
import { Toasts, toast } from '../src/ui/Toast'
import { Toolbar } from '../src/ui/Toolbar'

const params = new URLSearchParams(location.search)
const BRANDS = { summit: { hue: 255, chroma: 0.115 }, harbor: { hue: 160, chroma: 0.095 } }
const brand = BRANDS[params.get('brand') === 'harbor' ? 'harbor' : 'summit']
applyBrand(document.documentElement, { ...brand, radius: 8, font: 'inter', density: 'compact', illustration: 'ridge' })
const scheme = params.get('scheme')
startPreferences()
if (scheme === 'light' || scheme === 'dark') setScheme(scheme)

const LOADED = Date.now()
const EXPLAIN = {
  formula: 'Sum over positions of quantity times price, plus cash, in the currency of the household.',
  version: 'VAL-1',
  inputs: [
    { name: 'Joint brokerage 4471', value: '$4,182,306.42' },
    { name: 'Family Trust 9034', value: '$3,640,225.60', note: '12 positions, one priced 30 Mar' },
  ],
  sources: [{ kind: 'PRICE', label: 'Official close', date: '2021-03-31' }],
}
const ASSETS: MoneyFigureValue = {
  value: '10162893.27',
  currency: 'USD',
  asOf: '2021-03-31',
  basis: 'market value',
  source: 'custodian values',
  quality: 'COMPLETE',
  reasons: [],
  explain: EXPLAIN,
}

interface Row {
  id: string
  name: string
  advisor: string
  assets: string
  ytd: string
  drift: StatusKind
  cash: string
}
const NAMES = ['Whitfield', 'Castellano', 'Kapoor', 'Jansen', 'Brennan', 'Hollis', 'Eriksen', 'Gallagher', 'Farouk', 'Lindqvist', 'Ingram', 'Tanaka']
const DRIFTS: StatusKind[] = ['attention', 'breach', 'fine', 'progress', 'waiting', 'fact', 'cancelled']
const ROWS: Row[] = Array.from({ length: 10_000 }, (_, index) => ({
  id: `h${index}`,
  name: `${NAMES[index % NAMES.length]} Family ${index + 1}`,
  advisor: 'P. Raman',
  assets: `${(index * 7919 + 904_211) % 48_000_000}.${String(index % 100).padStart(2, '0')}`,
  ytd: `${index % 5 === 0 ? '-' : ''}0.0${(index * 37) % 900}`,
  drift: DRIFTS[index % DRIFTS.length] ?? 'fine',
  cash: `0.0${(index * 13) % 90}`,
}))

const COLUMNS: GridColumn<Row>[] = [
  { id: 'name', header: 'Household', cell: (row) => row.name, width: '2fr', minWidth: 160, primary: true, sort: 'ASC' },
  { id: 'advisor', header: 'Advisor', cell: (row) => row.advisor, width: '1fr', secondary: true, from: 700 },
  { id: 'assets', header: 'Assets', cell: (row) => <Figure kind="money" value={row.assets} explain={EXPLAIN} />, width: '1fr', minWidth: 130, align: 'right', sort: 'DESC', total: <Figure kind="money" value="2418642310.18" explain={EXPLAIN} /> },
  { id: 'ytd', header: 'YTD net', cell: (row) => <Figure kind="percent" value={row.ytd} sign="always" tone="gain" />, width: 90, align: 'right', sort: 'DESC', total: '+5.98%' },
  { id: 'drift', header: 'Drift', cell: (row) => <Status is={row.drift}>{row.drift}</Status>, width: 110 },
  { id: 'cash', header: 'Cash', cell: (row) => <Figure kind="percent" value={row.cash} digits={1} />, width: 70, align: 'right', from: 600 },
]

function Book() {
  const [sort, setSort] = useState<GridSort | null>({ column: 'assets', direction: 'DESC' })
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set(params.has('selected') ? ['h1', 'h3'] : []))
  const [peek, setPeek] = useState<string | null>(params.has('peek') ? 'h0' : null)
  const [tile, setTile] = useState('all')
  const rows = useMemo(() => {
    const way = sort?.direction === 'DESC' ? -1 : 1
    return ROWS.toSorted((a, b) => way * (sort?.column === 'name' ? a.name.localeCompare(b.name) : compare(a.assets, b.assets)))
  }, [sort])
  const open = rows.find((row) => row.id === peek)
  return (
    <div className="flex h-[760px] border-y border-line">
      <div className="flex min-w-0 flex-1 flex-col gap-4 px-8 py-6">
        <PageHeading actions={<><Button icon={Download}>Export</Button><Button>Columns</Button></>}>Book of business</PageHeading>
        <TabNav
          label="Views"
          look="views"
          tabs={[{ id: 'a', label: 'All households', current: false }, { id: 'b', label: 'Next reviews', current: true }, { id: 'c', label: 'Compliance', count: 1, current: false }]}
          link={(tab, className, content) => <a href={`#${tab.id}`} className={className}>{content}</a>}
        />
        <Tiles
          label="Filters"
          onToggle={setTile}
          tiles={[
            { id: 'all', count: '412', word: 'All', isSelected: tile === 'all' },
            { id: 'out', count: '23', word: 'Out of band', status: 'breach', isSelected: tile === 'out' },
            { id: 'high', count: '14', word: 'High cash', status: 'attention', isSelected: tile === 'high' },
            { id: 'calls', count: '6', word: 'Calls due', status: 'progress', isSelected: tile === 'calls' },
            { id: 'late', count: '0', word: 'Review late', status: 'waiting', isSelected: tile === 'late' },
          ]}
        />
        <Toolbar label="Filter" aside="Live, 2 s ago">
          <MenuChip label="Filter" icon={ListFilter} value={null} choices={[{ value: 'a', label: 'Quality' }]} onChange={() => {}} />
          <MenuChip label="Advisor" value="any" choices={[{ value: 'any', label: 'any' }, { value: 'p', label: 'P. Raman' }]} onChange={() => {}} />
        </Toolbar>
        <DataGrid
          label="Households"
          rows={rows}
          rowId={(row) => row.id}
          rowName={(row) => row.name}
          columns={COLUMNS}
          sort={sort}
          onSort={setSort}
          selected={selected}
          onSelect={setSelected}
          current={peek}
          onPeek={(row) => setPeek(row.id)}
          onOpen={(row) => toast(`Open ${row.name}`)}
          totalLabel="10,000 households"
          selectionBar={selected.size ? <SelectionBar count={selected.size} sum="$27,640,512.51" actions={<><Button look="primary">Start rebalance</Button><Button>Assign</Button></>} onClear={() => setSelected(new Set())} /> : null}
        />
      </div>
      {open ? (
        <Drawer label={open.name} onClose={() => setPeek(null)} onNext={() => {}} position={{ at: 1, of: 412 }} foot={<><Button look="primary" className="flex-1">Start rebalance</Button><Button>Message</Button></>}>
          <h2 className="text-20 font-semibold display">{open.name}</h2>
          <div className="flex gap-3 text-12 text-text-2"><Status is="fine">KYC verified</Status><Status is="fact">Growth, 6 of 7</Status></div>
          <div className="flex items-end justify-between border-b border-line-strong py-4">
            <FigureBlock label="Managed assets" size="lg" sub={<><Figure kind="money" value="285005.19" sign="always" tone="gain" /> in March</>}>
              <MoneyFigure figure={ASSETS} name="Managed assets" />
            </FigureBlock>
            <Sparkline values={['1', '3', '2.5', '4', '3', '6', '5', '7', '9']} from="a" to="b" />
          </div>
        </Drawer>
      ) : null}
    </div>
  )
}

const POINTS = ['2020-03-31', '2020-06-30', '2020-09-30', '2020-12-31', '2021-03-31'].map((date, index) => ({ date, value: String(1_850_000_000 + index * 140_000_000) }))

function Pieces() {
  const [choice, setChoice] = useState<'inter' | 'system'>('inter')
  const [on, setOn] = useState(true)
  const [open, setOpen] = useState(params.get('overlay'))
  return (
    <div className="grid gap-8 px-8 py-6 max-sm:px-4">
      <FigureRow>
        <FigureBlock label="Fees to bill" sub="398 lines"><MoneyFigure figure={ASSETS} name="Fees" /></FigureBlock>
        <FigureBlock label="Change" sub="since Dec"><Figure kind="percent" value="0.0473" sign="always" tone="gain" /></FigureBlock>
        <FigureBlock label="Drift" secondary><Figure kind="bp" value="0.0438" /></FigureBlock>
        <FigureBlock label="Summary" secondary><Figure kind="money" value="2418642310.18" scale="M" /></FigureBlock>
        <FigureBlock label="Net worth" size="hero"><Figure kind="money" value="-1488116" /></FigureBlock>
        <FigureBlock label="No price" sub="No price within 90 days"><Figure kind="money" value={null} reasons={[{ code: 'NO_PRICE', message: 'No price within 90 days.' }]} /></FigureBlock>
      </FigureRow>
      <BasisLine figure={ASSETS} />
      <StageRail
        label="Billing run"
        stages={[
          { id: '1', name: 'Audit', fact: '0 blocking', state: 'done' },
          { id: '2', name: 'Select', fact: '398 of 412', state: 'done' },
          { id: '3', name: 'Review', fact: '7 exceptions', state: 'current' },
          { id: '4', name: 'Approve', fact: 'second person', state: 'ahead' },
          { id: '5', name: 'Lock', state: 'ahead' },
        ]}
      />
      <section>
        <SectionHeading aside="Oldest">Work queue</SectionHeading>
        <ul>
          <QueueRow count={4} name="Approvals" detail="2 role changes" status="attention" oldestAt={new Date(LOADED - 2 * 86_400_000).toISOString()} action={<a href="#a">Review</a>} />
          <QueueRow count={23} name="Import findings" detail="Largest: 12 prices" status="breach" oldestAt={new Date(LOADED - 3_600_000 * 5).toISOString()} action={<a href="#b">Resolve</a>} />
        </ul>
      </section>
      <LineChart label="Assets" kind="money" axisText={(value, step) => formatMoneyTick('en-US', value, step, 'USD')} series={[{ id: 'a', name: 'Assets', role: 'own', points: POINTS }, { id: 'b', name: 'Benchmark', role: 'benchmark', points: POINTS.map((point) => ({ ...point, value: String(Number(point.value) * 0.97) })) }]} />
      <div className="flex flex-wrap gap-2">
        <Button look="primary">Send for approval</Button>
        <Button icon={Download}>Export</Button>
        <Button look="quiet">Cancel</Button>
        <Button look="danger">Revoke session</Button>
        <Button look="link">Plan cash</Button>
        <Button isDisabled look="primary">Disabled</Button>
        <LockedAction>Accept and schedule</LockedAction>
        <Button onPress={() => setOpen('dialog')}>Dialog</Button>
        <Button onPress={() => setOpen('sheet')}>Sheet</Button>
        <Button onPress={() => setOpen('palette')}>Palette</Button>
        <Button onPress={() => toast('Saved', { action: { label: 'Undo', run: () => {} } })}>Toast</Button>
      </div>
      <div className="flex flex-wrap gap-2">
        <Chip>Sample check</Chip><Chip tone="warning">Cash short</Chip><Chip tone="breach">Blocked</Chip><Chip tone="accent">Selected</Chip>
        <FilterChip isSelected={on} onChange={setOn} count={8}>To review</FilterChip><FilterChip isSelected={!on} onChange={() => setOn(!on)} count={398}>All</FilterChip>
      </div>
      <div className="grid max-w-xl grid-cols-2 gap-4 max-sm:grid-cols-1">
        <TextField label="Corner radius" defaultValue="8 px" description="0 to 16" />
        <Select label="Typeface" choices={[{ value: 'inter', label: 'Inter' }, { value: 'system', label: 'Device font' }]} value={choice} onChange={setChoice} />
        <TextField label="Email" defaultValue="tilda" error="Enter a whole e-mail address" size="xl" />
        <TextField label="Password" type="password" defaultValue="secret-password" size="xl" aside={<a href="#f" className="font-medium text-accent">Forgot it?</a>} />
        <Checkbox defaultSelected>Firm admin</Checkbox>
        <Switch isSelected={on} onChange={setOn}>Look through entities</Switch>
      </div>
      <Findings
        label="Findings"
        empty={null}
        findings={[
          { id: '1', severity: 'BREACH', message: 'Bank details differ from the verified instruction', evidence: [{ label: 'On file', value: 'ends 7702' }, { label: 'Letter', value: 'ends 4419' }] },
          { id: '2', severity: 'WARNING', message: 'Price of EEM is 3 days old', evidence: [{ label: 'Last price', value: '26 Mar 2021' }] },
          { id: '3', severity: 'INFO', message: 'Lake house is held by an entity', evidence: [] },
        ]}
        fix={() => <Button size="sm" look="primary">Start call-back</Button>}
        alternative={() => <Button size="sm">Report as suspicious</Button>}
      />
      <ErrorState message="The server did not answer within 10 s." requestId="01HX7K2M9Q" onRetry={() => {}} />
      <EmptyState kind="none" title="No household matches" action={<Button>Clear filters</Button>}>Three filters are in use.</EmptyState>
      <EmptyState kind="forbidden" title="You may not see the audit log">Ask a firm admin for the permission audit.read.</EmptyState>
      <SkeletonRows rows={3} />
      <Tabs label="Panels" tabs={[{ id: 'a', label: 'Accounts', content: 'First' }, { id: 'b', label: 'Positions', content: 'Second' }]} />
      <Banner status="attention" urgent>Connection lost. Reconnecting for 4 s.</Banner>
      <Dialog isOpen={open === 'dialog'} onClose={() => setOpen(null)} title="Change roles" actions={<><Button look="primary">Send for approval</Button><Button>Cancel</Button></>}>A second person has to agree.</Dialog>
      <Sheet isOpen={open === 'sheet'} onClose={() => setOpen(null)} title="Confirm it is you" actions={<Button look="primary" size="xl">Confirm</Button>}><TextField label="6-digit code" size="xl" inputMode="numeric" /></Sheet>
      <CommandPalette
        isOpen={open === 'palette'}
        onClose={() => setOpen(null)}
        commands={[{ id: '1', group: 'Go to', label: 'Home', icon: Building, run: () => {} }, { id: '2', group: 'Go to', label: 'Book', icon: ExternalLink, run: () => {} }]}
        search={async (query) => [{ id: 's', group: 'Households', label: `Whitfield (${query})`, detail: '5 accounts', run: () => {} }]}
      />
      <Toasts />
    </div>
  )
}

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <EnvironmentProvider value={{ currency: 'USD', timeZone: 'America/New_York', businessDate: '2021-03-31', now: () => new Date() }}>
      {params.get('part') === 'pieces' ? <Pieces /> : <Book />}
    </EnvironmentProvider>,
  )
}
