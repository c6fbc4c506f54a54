import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { buildSchema, isInterfaceType, isObjectType, parse, TypeInfo, visit, visitWithTypeInfo, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql'
import { describe, expect, it } from 'vitest'
import { DATED, KEYED, POSSIBLE_TYPES } from './cache'

const ROOT = resolve(import.meta.dirname, '../..')
const schema = buildSchema(readFileSync(join(ROOT, '../schema.graphql'), 'utf8'))

function* documents(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) yield* documents(path)
    else if (name.endsWith('.graphql')) yield path
  }
}

/** These tell an id, of something else or of no fixed day (a position is the same thing on every date): never keyed. */
const PARTS = [
  'AccountGroup', 'AccountRef', 'ActorRef', 'BalanceOwner', 'Benchmark', 'BenchmarkRef', 'BenchmarkUse', 'BookedEntry', 'ClientRequest', 'Composite', 'CompositeRef', 'DeskAction', 'ExplainSource', 'GainSnapshot', 'HouseholdRef', 'IdenticalSecurities', 'Liability',
  'LivePosition', 'LotSnapshot', 'OpenLot', 'PartyRef', 'PartyRelationship', 'Position', 'Publication', 'RealisedGain', 'SearchHit', 'SubjectRef', 'TimelineEntry', 'ViewerAccess', 'Worth',
]

describe('the cache knows the schema', () => {
  it('says of every type with an id whether it is one thing everywhere, and keys none without', () => {
    const roots = new Set(['Query', 'Mutation', 'Subscription'])
    const withId = Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type) && !type.name.startsWith('__') && !roots.has(type.name))
      .filter((type) => isObjectType(type) && type.getFields()['id'])
      .map((type) => type.name)
    expect([...withId].sort()).toEqual([...KEYED, ...DATED, ...PARTS].sort())
  })

  it('names what implements each interface', () => {
    for (const [name, types] of Object.entries(POSSIBLE_TYPES)) {
      const abstract = schema.getType(name)
      if (!isInterfaceType(abstract)) throw new Error(`${name} is not an interface of the schema`)
      expect(schema.getPossibleTypes(abstract).map((type) => type.name).sort()).toEqual([...types].sort())
    }
    const interfaces = Object.values(schema.getTypeMap()).filter((type) => isInterfaceType(type))
    expect(interfaces.map((type) => type.name).sort()).toEqual(Object.keys(POSSIBLE_TYPES).sort())
  })
})

const BY_DAY = ['Household', 'Account']
const UNDATED_FIELDS = new Set(['__typename', 'id', 'name', 'version', 'externalId', 'viewerCan'])

it('asks for the date of everything dated, so that two days never mix', () => {
  const parsed = [...documents(join(ROOT, 'src'))].map((path) => parse(readFileSync(path, 'utf8')))
  const fragments = new Map(parsed.flatMap((document) => document.definitions).filter((each): each is FragmentDefinitionNode => each.kind === 'FragmentDefinition').map((each) => [each.name.value, each]))
  const fieldsOf = (set: SelectionSetNode): string[] =>
    set.selections.flatMap((node) =>
      node.kind === 'Field' ? [node.name.value] : node.kind === 'FragmentSpread' ? fieldsOf(fragments.get(node.name.value)?.selectionSet ?? set) : fieldsOf(node.selectionSet),
    )
  const undated: string[] = []
  for (const document of parsed) {
    for (const definition of document.definitions) {
      // Rows of the book are read without a cache.
      if (definition.kind === 'FragmentDefinition' && definition.name.value === 'BookRow') continue
      if (definition.kind === 'OperationDefinition' && definition.name?.value === 'BookPage') continue
      const info = new TypeInfo(schema)
      visit(
        definition,
        visitWithTypeInfo(info, {
          SelectionSet(node) {
            const type = info.getParentType()?.name ?? ''
            const fields = fieldsOf(node)
            if (!BY_DAY.includes(type) || fields.every((field) => UNDATED_FIELDS.has(field))) return
            // What tells no id is no entry of the cache: it lies inside its own question, moment and all.
            if (!fields.includes('id')) return
            const where = definition.kind === 'OperationDefinition' || definition.kind === 'FragmentDefinition' ? definition.name?.value : ''
            if (!fields.includes('asOf')) undated.push(`${where}: ${type} { ${fields.join(' ')} }`)
          },
        }),
      )
    }
  }
  expect(undated).toEqual([])
})
