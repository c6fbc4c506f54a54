import { ask } from './system'
import type { Person } from './people'

/** The id of a household by its name, as this person sees the book. */
export async function householdId(person: Person, name: string): Promise<string> {
  const { households } = await ask<{ households: { edges: { node: { id: string; name: string } }[] } }>(
    person,
    'query ($name: String!) { households(first: 5, filter: { nameContains: $name }) { edges { node { id name } } } }',
    { name },
  )
  const id = households.edges.find(({ node }) => node.name === name)?.node.id
  if (!id) throw new Error(`${person.name} sees no household called ${name}.`)
  return id
}
