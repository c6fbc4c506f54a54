import Download from 'lucide-react/icons/download'
import { useEffect, useRef, useState } from 'react'
import { useFirm } from '@/data'
import type { HouseholdFilter, HouseholdOrder } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Overlay'
import { toast } from '@/ui/Toast'
import type { ColumnChoice } from './columnSet'
import { saveBlob } from '@/data/download'
import { fetchBook } from './export'
import { t } from './words'

interface ExportButtonProps {
  filter: HouseholdFilter
  orderBy: HouseholdOrder
  columns?: readonly ColumnChoice[] | undefined
  label?: string
  primary?: boolean
}

/** The filtered list as CSV in the server's order; it can be stopped while it is read. */
export function ExportButton({ filter, orderBy, columns, label, primary }: ExportButtonProps) {
  const firm = useFirm()
  const [busy, setBusy] = useState(false)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  const start = async () => {
    const controller = new AbortController()
    running.current = controller
    setBusy(true)
    try {
      const blob = await fetchBook({ filter, orderBy, columns, signal: controller.signal })
      saveBlob(blob, `${firm.slug}-households-${firm.businessDate ?? new Date().toISOString().slice(0, 10)}.csv`)
      toast(t('exportDone'), { status: 'fine' })
    } catch (error) {
      if (!controller.signal.aborted) toast(t('exportFailed', { message: (error as Error).message }), { status: 'breach' })
    } finally {
      running.current = null
      setBusy(false)
    }
  }

  return (
    <>
      <Button icon={Download} size={primary ? 'sm' : 'md'} look={primary ? 'primary' : 'default'} isDisabled={busy} onPress={() => void start()}>
        {label ?? t('export')}
      </Button>
      {!busy ? null : (
        <Dialog isOpen mustAnswer onClose={() => running.current?.abort()} title={t('exportTitle')} actions={<Button onPress={() => running.current?.abort()}>{t('exportStop')}</Button>}>
          <p role="status" className="text-text-2">
            {t('exportHint')}
          </p>
        </Dialog>
      )}
    </>
  )
}
