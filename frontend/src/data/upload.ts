import { csrfToken } from './auth-api'

export interface UploadFailure {
  message: string
  requestId: string | null
}

export class UploadError extends Error {
  readonly requestId: string | null
  constructor({ message, requestId }: UploadFailure) {
    super(message)
    this.name = 'UploadError'
    this.requestId = requestId
  }
}

interface UploadOptions {
  onProgress: (sent: number, total: number) => void
  signal: AbortSignal
  /** Said when no answer came at all. */
  unreachable: string
}

/** Sends one file and gives its upload id. `fetch` cannot say how much has left, so this is an XMLHttpRequest. */
export function uploadFile(file: File, { onProgress, signal, unreachable }: UploadOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/files/uploads')
    request.setRequestHeader('content-type', 'application/zip')
    // A header carries plain ASCII only; the name is shown with the job.
    request.setRequestHeader('x-file-name', file.name.replace(/[^\x20-\x7e]/g, '_'))
    const token = csrfToken()
    if (token) request.setRequestHeader('x-csrf-token', token)
    request.upload.addEventListener('progress', (event) => onProgress(event.loaded, event.lengthComputable ? event.total : file.size))
    request.addEventListener('load', () => {
      const answer = parsed(request.responseText)
      if (request.status >= 200 && request.status < 300 && typeof answer.uploadId === 'string') resolve(answer.uploadId)
      else reject(new UploadError({ message: answer.error?.message ?? `HTTP ${request.status}`, requestId: answer.error?.requestId ?? null }))
    })
    request.addEventListener('error', () => reject(new UploadError({ message: unreachable, requestId: null })))
    request.addEventListener('abort', () => reject(new DOMException('The upload was stopped', 'AbortError')))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}

function parsed(text: string): { uploadId?: unknown; error?: { message?: string; requestId?: string } } {
  try {
    return JSON.parse(text) as { uploadId?: unknown }
  } catch {
    return {}
  }
}
