import { session } from './session'

export interface FileRefusal {
  code: string
  message: string
  requestId: string | null
}

/** Why the server would not send this file now; null when it would. Asking is no fetch, and is not on record. */
export async function fileRefusal(path: string, unreachable: string): Promise<FileRefusal | null> {
  try {
    let asked = await ask(path, 'HEAD')
    if (asked.status === 401) {
      await session.renew()
      asked = await ask(path, 'HEAD')
    }
    if (asked.ok) return null
    // Only a whole answer says why.
    const refused = await ask(path, 'GET')
    if (refused.ok) {
      await refused.body?.cancel()
      return null
    }
    const { error } = (await refused.json().catch(() => ({}))) as { error?: Partial<FileRefusal> }
    return { code: error?.code ?? 'INTERNAL', message: error?.message ?? `HTTP ${refused.status}`, requestId: error?.requestId ?? null }
  } catch {
    return { code: 'NETWORK', message: unreachable, requestId: null }
  }
}

const ask = (path: string, method: 'HEAD' | 'GET') => fetch(path, { method, credentials: 'same-origin', cache: 'no-store' })

/** Lets the browser fetch and save it. */
export function saveFile(path: string, fileName: string): void {
  const link = document.createElement('a')
  link.href = path
  link.download = fileName
  link.click()
}

/** Hands what was made here to the browser's own download. */
export function saveBlob(blob: Blob, fileName: string): void {
  const address = URL.createObjectURL(blob)
  saveFile(address, fileName)
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
