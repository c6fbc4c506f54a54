import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { crc32, zipped } from './zip'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('a zip of tables', () => {
  it('has the checksum every zip tool expects', () => {
    expect(crc32(bytes('123456789'))).toBe(0xcbf43926)
  })

  it('is read by another program, names and contents', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'zip-')), 'theirs.zip')
    writeFileSync(path, zipped([{ name: 'Familien ä.csv', bytes: bytes('a,b\n1,ü\n') }, { name: 'empty.csv', bytes: bytes('') }]))
    const script = 'import sys, zipfile, json; z = zipfile.ZipFile(sys.argv[1]); print(json.dumps([z.testzip(), {n: z.read(n).decode() for n in z.namelist()}]))'
    const said = JSON.parse(execFileSync('python3', ['-c', script, path], { encoding: 'utf8' })) as unknown
    expect(said).toEqual([null, { 'Familien ä.csv': 'a,b\n1,ü\n', 'empty.csv': '' }])
  })
})
