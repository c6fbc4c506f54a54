import { existsSync } from 'node:fs'
import type { CodegenConfig } from '@graphql-codegen/cli'
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset'

// The committed schema is the contract; WEALTHNEXUS_SCHEMA points a working copy at another one.
const schema = process.env['WEALTHNEXUS_SCHEMA'] ?? '../schema.graphql'
if (!existsSync(schema)) {
  throw new Error(`No GraphQL schema at ${schema}. Write it with "wealthnexus schema > schema.graphql"; no types were generated.`)
}

const config: CodegenConfig = {
  schema,
  documents: ['src/**/*.graphql'],
  ignoreNoDocuments: false,
  generates: {
    'src/generated/': {
      preset: 'client',
      documentTransforms: [addTypenameSelectionDocumentTransform],
      presetConfig: {
        fragmentMasking: false,
        persistedDocuments: { mode: 'embedHashInDocument', hashPropertyName: 'hash', hashAlgorithm: 'sha256' },
      },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        // The server always sends the field; null is the only way to be absent.
        avoidOptionals: { field: true, inputValue: false, object: false, defaultValue: false },
        strictScalars: true,
        scalars: {
          Date: 'string',
          DateTime: 'string',
          Decimal: 'string',
          Currency: 'string',
          JSON: 'unknown',
          BigInt: 'string',
        },
      },
    },
  },
}
export default config
