import { useNavigate } from '@tanstack/react-router'
import Plus from 'lucide-react/icons/plus'
import { useState } from 'react'
import { HouseholdPicker } from '@/clients/pick'
import { useMay, useRead } from '@/data'
import { useChanged } from '@/data/changes'
import { useViewer } from '@/data/viewer'
import { formatDate, formatInstant } from '@/domain/dates'
import { ConventionHouseholdDocument, ConventionsDocument, type AppliedConventionsFragment, type ConventionsQuery } from '@/generated/graphql'
import { AnswerView } from '@/ui/AnswerView'
import { Button } from '@/ui/Button'
import { cx } from '@/ui/cx'
import { useEnvironment } from '@/ui/environment'
import { PageHeading, SectionHeading } from '@/ui/Heading'
import { MenuChip } from '@/ui/MenuChip'
import type { Found } from '@/ui/SearchPicker'
import { EmptyState, SkeletonRows } from '@/ui/States'
import { Toolbar } from '@/ui/Toolbar'
import { usePageTitle } from '@/ui/title'
import { ConventionsDialog, type Level } from './ConventionsDialog'
import { conventionName, GROUPS, v, valueWord } from './conventions'
import { Guard } from './Guard'
import { conventionsRoute } from './routes'
import type { ConventionSearch } from './search'
import { t as settingsWords } from './words'

type Policy = ConventionsQuery['calculationPolicy']

const CRUMBS = [{ label: settingsWords('title'), to: '/settings' }]
const FIRM = 'firm'
const HOUSEHOLD = 'household'

export function ConventionsPage() {
  usePageTitle(v('title'), CRUMBS)
  return (
    <Guard permission="findings.read">
      <Conventions />
    </Guard>
  )
}

/** One level at a time: what is in force and who chose it, how it changed from day to day, and why. */
function Conventions() {
  const search = conventionsRoute.useSearch()
  const navigate = useNavigate()
  const viewer = useViewer()
  const manages = useMay('performance.manage') && viewer.scope === 'FIRM'
  const [picking, setPicking] = useState(false)
  const [changing, setChanging] = useState(false)
  const { data, loading, failure, reload } = useRead(ConventionsDocument, { householdId: search.household ?? null, report: search.report ?? null })
  useChanged('conventions', reload)
  const family = useRead(ConventionHouseholdDocument, { id: search.household ?? '' }, { pause: search.household === undefined })
  const household = family.data?.household
  const reports = data?.reportPolicies ?? []
  const show = (next: ConventionSearch) => {
    setPicking(false)
    void navigate({ to: '/settings/conventions', search: next })
  }
  const isHousehold = picking || search.household !== undefined
  const level: Level = search.report !== undefined ? { kind: 'report', report: search.report, name: v('ofReport', { name: search.report }) } : search.household !== undefined ? { kind: 'household', householdId: search.household, name: household?.name ?? v('household') } : { kind: 'firm', name: v('firm') }
  return (
    <>
      <PageHeading
        sub={v('sub')}
        actions={
          manages && data && !picking ? (
            <Button look="primary" icon={Plus} onPress={() => setChanging(true)}>
              {v('change')}
            </Button>
          ) : null
        }
      >
        {v('title')}
      </PageHeading>
      <div className="mt-4 grid min-w-0 gap-6">
        <Toolbar label={v('whose')}>
          <MenuChip
            label={v('whose')}
            value={search.report !== undefined ? `report ${search.report}` : isHousehold ? HOUSEHOLD : FIRM}
            choices={[{ value: FIRM, label: v('firm') }, { value: HOUSEHOLD, label: v('household') }, ...reports.map((name) => ({ value: `report ${name}`, label: v('ofReport', { name }) }))]}
            onChange={(next) => {
              if (next === FIRM) show({})
              else if (next === HOUSEHOLD) setPicking(true)
              else show({ report: next.slice('report '.length) })
            }}
          />
        </Toolbar>
        {isHousehold ? (
          <HouseholdPicker key={household?.id ?? ''} className="max-w-96" label={v('householdName')} value={household ? { id: household.id, label: household.name } : null} onChange={(found: Found | null) => (found ? show({ household: found.id }) : undefined)} />
        ) : null}
        {picking ? (
          <EmptyState kind="first" title={v('pickHousehold')}>
            {v('pickHouseholdHint')}
          </EmptyState>
        ) : (
          <AnswerView value={data?.calculationPolicy} loading={loading} failure={failure} onRetry={reload} skeleton={<SkeletonRows rows={12} />} forbidden={v('forbidden')}>
            {(policy) => <Shown policy={policy} level={level} />}
          </AnswerView>
        )}
      </div>
      {changing && data ? <ConventionsDialog level={level} policy={data.calculationPolicy} onClose={() => setChanging(false)} onReport={(report) => show({ report })} /> : null}
    </>
  )
}

function Shown({ policy, level }: { policy: Policy; level: Level }) {
  return (
    <>
      <InForce policy={policy.effective} own={level.kind} />
      {policy.turns.length > 1 ? <Turns turns={policy.turns} /> : null}
      <History versions={policy.history} />
    </>
  )
}

/** Every convention with its choice, and which level chose it. */
function InForce({ policy, own }: { policy: AppliedConventionsFragment; own: Level['kind'] }) {
  const { locale, businessDate, now } = useEnvironment()
  const today = businessDate ?? now().toISOString().slice(0, 10)
  const byName = new Map(policy.choices.map((choice) => [choice.name, choice]))
  return (
    <section aria-label={v('inForce', { date: formatDate(locale, today) })} className="min-w-0">
      <SectionHeading aside={`${v('version', { version: policy.version })}, ${policy.since ? v('since', { date: formatDate(locale, policy.since) }) : v('always')}`}>{v('inForce', { date: formatDate(locale, today) })}</SectionHeading>
      <table className="w-full text-14">
        <thead className="sr-only">
          <tr>
            <th scope="col">{v('convention')}</th>
            <th scope="col">{v('choice')}</th>
            <th scope="col">{v('origin')}</th>
          </tr>
        </thead>
        {GROUPS.map((group) => (
          <tbody key={group.id}>
            <tr>
              <th colSpan={3} scope="colgroup" className="h-9 pt-3 text-left text-12 font-medium text-text-2">
                {v(group.id)}
              </th>
            </tr>
            {Object.keys(group.conventions).map((name) => {
              const choice = byName.get(name)
              if (!choice) return null
              const isOwn = choice.origin === own
              return (
                <tr key={name} className="border-t border-line align-top">
                  <th scope="row" className="w-[42%] py-1.5 pr-4 text-left font-normal text-text-2">
                    {conventionName(name)}
                  </th>
                  <td className="py-1.5 pr-4 font-medium">
                    {valueWord(locale, name, choice.value)}
                    <span className={cx('block text-12 font-normal sm:hidden', isOwn ? 'text-accent' : 'text-text-3')}>{originWord(choice.origin)}</span>
                  </td>
                  <td className={cx('py-1.5 text-right whitespace-nowrap max-sm:hidden', isOwn ? 'font-medium text-accent' : 'text-text-3')}>{originWord(choice.origin)}</td>
                </tr>
              )
            })}
          </tbody>
        ))}
      </table>
      <p className="identifier pt-2 text-12 break-all text-text-3">{v('digest', { digest: policy.digest })}</p>
    </section>
  )
}

const originWord = (origin: string) => v(`origin_${origin as 'default' | 'firm' | 'household' | 'report'}`)

/** What changes from turn to turn, the latest first. */
function Turns({ turns }: { turns: readonly AppliedConventionsFragment[] }) {
  const { locale } = useEnvironment()
  const told = turns.map((turn, at) => {
    const before = new Map(turns[at - 1]?.choices.map(({ name, value }) => [name, value]))
    return { turn, changes: at === 0 ? [] : turn.choices.filter(({ name, value }) => name !== 'version' && before.get(name) !== value) }
  })
  return (
    <section aria-label={v('turns')} className="min-w-0">
      <SectionHeading>{v('turns')}</SectionHeading>
      <p className="pt-2 text-12 text-text-2">{v('turnsHint')}</p>
      <dl>
        {told.reverse().map(({ turn, changes }) => (
          <div key={turn.since ?? ''} className="flex flex-wrap gap-x-6 gap-y-1 border-b border-line py-2">
            <dt className="min-w-40 font-medium">
              {turn.since ? v('turnFrom', { date: formatDate(locale, turn.since) }) : v('turnFirst')}
              <span className="identifier block text-12 font-normal text-text-3">{v('version', { version: turn.version })}</span>
            </dt>
            <dd className="min-w-0 flex-1 basis-64">
              {turn.since === null ? null : changes.length === 0 ? (
                <span className="text-text-3">{v('turnSame')}</span>
              ) : (
                changes.map(({ name, value }) => (
                  <p key={name}>
                    <span className="text-text-2">{conventionName(name)}:</span> {valueWord(locale, name, value)}
                  </p>
                ))
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function History({ versions }: { versions: Policy['history'] }) {
  const { locale, timeZone } = useEnvironment()
  return (
    <section aria-label={v('history')} className="min-w-0">
      <SectionHeading aside={versions.length}>{v('history')}</SectionHeading>
      {versions.length === 0 ? (
        <EmptyState kind="none" title={v('historyNone')}>
          {v('historyNoneHint')}
        </EmptyState>
      ) : (
        <ol>
          {versions.map((version) => (
            <li key={version.number} className="grid gap-1 border-b border-line py-2">
              <p className="flex flex-wrap justify-between gap-x-6">
                <span className="font-medium">
                  {v('number', { number: version.number })} <span className="font-normal text-text-2">{v('from', { date: formatDate(locale, version.effectiveFrom) })}</span>
                </span>
                <span className="text-12 text-text-3">{v('recorded', { author: version.authorName, when: formatInstant(locale, version.recordedAt, timeZone), version: version.bookVersion })}</span>
              </p>
              <p className="text-text-2">{version.reason}</p>
              {version.changes.length === 0 ? (
                <p className="text-12 text-text-3">{v('changesNothing')}</p>
              ) : (
                <ul className="text-12">
                  {version.changes.map(({ name, value }) => (
                    <li key={name}>
                      <span className="text-text-2">{conventionName(name)}:</span> {valueWord(locale, name, value)}
                    </li>
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
