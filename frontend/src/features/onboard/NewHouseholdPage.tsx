import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useClient } from 'urql'
import { useChange, useKeyed } from '@/clients/form'
import { c } from '@/clients/words'
import { useViewer } from '@/data'
import { mayMakeHouseholds } from '@/domain/permissions'
import { CreateHouseholdDocument, HouseholdSearchDocument } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { PageHeading } from '@/ui/Heading'
import { Page } from '@/ui/Page'
import { RefusalNote } from '@/ui/RefusalNote'
import { EmptyState } from '@/ui/States'
import { StatusShape } from '@/ui/Status'
import { TextField } from '@/ui/TextField'
import { usePageTitle } from '@/ui/title'
import { toast } from '@/ui/Toast'

const NAME_MAX = 200
const ASK_FROM = 3
const DEBOUNCE_MS = 250
const STEPS = ['afterPeople', 'afterEntities', 'afterAccounts', 'afterDebts', 'afterAccess'] as const

/** The first step of bringing a family onto the books: its name. The household's own page shows the next ones. */
export function NewHouseholdPage() {
  usePageTitle(c('newHousehold'))
  const viewer = useViewer()
  return (
    <Page className="max-w-[640px]">
      <PageHeading sub={c('householdHint')}>{c('newHousehold')}</PageHeading>
      {mayMakeHouseholds(viewer) ? (
        <NewHousehold />
      ) : (
        <EmptyState kind="forbidden" title={c('householdForbidden')}>
          {c('householdForbiddenHint')}
        </EmptyState>
      )}
    </Page>
  )
}

function NewHousehold() {
  const navigate = useNavigate()
  const change = useChange(CreateHouseholdDocument, 'createHousehold', 'CreateHouseholdSuccess')
  const keyed = useKeyed()
  const [typed, setTyped] = useState('')
  const [touched, setTouched] = useState(false)
  const name = typed.trim()
  const create = async () => {
    setTouched(true)
    if (name === '' || change.pending) return
    const value = await change.run({ input: keyed({ name }) }, c('householdSentence', { name }))
    if (!value) return
    toast(c('householdMade', { name }))
    void navigate({ to: '/households/$id/onboarding', params: { id: value.household.id } })
  }
  return (
    <div className="mt-6 grid gap-6">
      <form
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void create()
        }}
      >
        {change.refusal ? <RefusalNote refusal={change.refusal} fields={['name']} /> : null}
        <TextField
          label={c('householdName')}
          description={c('householdNameHint')}
          value={typed}
          onChange={setTyped}
          maxLength={NAME_MAX}
          autoFocus
          error={(touched && name === '' ? c('householdNameNeeded') : undefined) ?? change.said('name')}
        />
        <Known name={name} />
        <div>
          <Button look="primary" size="lg" type="submit" isPending={change.pending}>
            {c('householdSave')}
          </Button>
        </div>
      </form>
      <section aria-label={c('afterwards')}>
        <h2 className="border-b border-line-strong pb-2 font-semibold">{c('afterwards')}</h2>
        <ol>
          {STEPS.map((step) => (
            <li key={step} className="flex min-h-9 items-center gap-2 border-b border-line text-text-2">
              <StatusShape is="waiting" />
              {c(step)}
            </li>
          ))}
        </ol>
      </section>
    </div>
  )
}

/** Households that are called so already: nobody should be on the books twice. */
function Known({ name }: { name: string }) {
  const client = useClient()
  const [found, setFound] = useState<readonly { id: string; title: string }[]>([])
  useEffect(() => {
    const controller = new AbortController()
    const timer = setTimeout(() => {
      if (name.length < ASK_FROM) return setFound([])
      void client
        .query(HouseholdSearchDocument, { query: name }, { requestPolicy: 'network-only', fetchOptions: { signal: controller.signal, credentials: 'same-origin' } })
        .toPromise()
        .then(({ data }) => {
          if (!controller.signal.aborted) setFound((data?.search.groups ?? []).flatMap((group) => group.hits))
        })
    }, DEBOUNCE_MS)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [client, name])
  if (found.length === 0) return null
  return (
    <div role="status" className="rounded-surface border border-warning-line bg-warning-soft p-3">
      <p className="flex items-baseline gap-2 font-medium">
        <StatusShape is="attention" />
        {c('householdKnown')}
      </p>
      <ul className="mt-1">
        {found.map((hit) => (
          <li key={hit.id}>
            <Link to="/households/$id" params={{ id: hit.id }} className="inline-flex min-h-6 items-center font-medium text-accent hover:underline">
              {hit.title}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}
