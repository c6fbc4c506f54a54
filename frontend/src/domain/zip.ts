/** A zip of files as they are, without compression: enough to send one table of another system as an upload. */
const TABLE = Uint32Array.from({ length: 256 }, (_, start) => {
  let value = start
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1
  return value >>> 0
})

export function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of bytes) value = (TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8)
  return (value ^ 0xffffffff) >>> 0
}

const UTF8_NAMES = 0x0800
/** 1 January 1980, the first day a zip knows: the same files make the same zip. */
const DAY = 0x21

interface Entry {
  name: string
  bytes: Uint8Array
}

function header(signature: number, { name, bytes }: Entry, central: boolean, offset: number): Uint8Array<ArrayBuffer> {
  const encoded = new TextEncoder().encode(name)
  const view = new DataView(new ArrayBuffer((central ? 46 : 30) + encoded.length))
  let at = 0
  const put = (value: number, size: 2 | 4) => {
    if (size === 2) view.setUint16(at, value, true)
    else view.setUint32(at, value, true)
    at += size
  }
  put(signature, 4)
  if (central) put(20, 2)
  put(20, 2)
  put(UTF8_NAMES, 2)
  put(0, 2)
  put(0, 2)
  put(DAY, 2)
  put(crc32(bytes), 4)
  put(bytes.length, 4)
  put(bytes.length, 4)
  put(encoded.length, 2)
  put(0, 2)
  if (central) {
    for (let rest = 0; rest < 3; rest++) put(0, 2)
    put(0, 4)
    put(offset, 4)
  }
  const whole = new Uint8Array(view.buffer)
  whole.set(encoded, at)
  return whole
}

export function zipped(entries: readonly Entry[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let offset = 0
  for (const entry of entries) {
    const local = header(0x04034b50, entry, false, 0)
    directory.push(header(0x02014b50, entry, true, offset))
    parts.push(local, entry.bytes)
    offset += local.length + entry.bytes.length
  }
  const size = directory.reduce((sum, each) => sum + each.length, 0)
  const end = new DataView(new ArrayBuffer(22))
  end.setUint32(0, 0x06054b50, true)
  end.setUint16(8, entries.length, true)
  end.setUint16(10, entries.length, true)
  end.setUint32(12, size, true)
  end.setUint32(16, offset, true)
  const whole = new Uint8Array(offset + size + 22)
  let at = 0
  for (const part of [...parts, ...directory, new Uint8Array(end.buffer)]) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
