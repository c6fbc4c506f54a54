import Download from 'lucide-react/icons/download'
import { useState } from 'react'
import { saveBlob } from '@/data/download'
import { Button } from '@/ui/Button'
import { PolicyNote } from '@/ui/performance/PolicyNote'
import type { PolicyView } from '@/ui/performance/types'
import { explainText, useExplainExport, type Asked } from './explain'

/** The policy behind the figure, and the whole explanation as a file. */
export function ExplainFoot({ asked, path, policy }: { asked: Asked; path: string | null; policy: PolicyView }) {
  const read = useExplainExport(asked)
  const [state, setState] = useState<{ busy: boolean; failed: string | null }>({ busy: false, failed: null })
  const save = async (of: string) => {
    setState({ busy: true, failed: null })
    try {
      saveBlob(await read(of), explainText('fileName', { path: of.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase(), date: asked.asOf ?? 'latest' }))
      setState({ busy: false, failed: null })
    } catch (error) {
      setState({ busy: false, failed: error instanceof Error ? error.message : String(error) })
    }
  }
  return (
    <div className="grid gap-2 border-t border-line pt-2">
      <PolicyNote policy={policy} />
      {path === null ? null : (
        <div>
          <Button size="sm" icon={Download} isPending={state.busy} onPress={() => void save(path)} className="max-w-full in-data-[touch]:h-11">
            {explainText('save')}
          </Button>
          <p className="pt-1 text-12 text-text-3">{explainText('saveHint')}</p>
          {state.failed ? (
            <p role="alert" className="text-12 text-negative">
              {explainText('saveFailed', { message: state.failed })}
            </p>
          ) : null}
        </div>
      )}
    </div>
  )
}
