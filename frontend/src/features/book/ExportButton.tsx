import Download from 'lucide-react/icons/download'
import { useEffect, useRef, useState } from 'react'
import { useData, useFirm } from '@/data'
import type { HouseholdFilter, HouseholdOrder } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Overlay'
import { toast } from '@/ui/Toast'
import { EXPORT_ROWS_MAX, exportBook, saveFile } from './export'
import { t } from './words'

interface ExportButtonProps {
  filter: HouseholdFilter
  orderBy: HouseholdOrder
  label?: string
  primary?: boolean
}

/** The filtered list as CSV in the server's order; it can be stopped while it is read. */
export function ExportButton({ filter, orderBy, label, primary }: ExportButtonProps) {
  const { bulk } = useData()
  const firm = useFirm()
  const [rows, setRows] = useState<number | null>(null)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  const start = async () => {
    const controller = new AbortController()
    running.current = controller
    setRows(0)
    try {
      const { blob, rows: count, cut } = await exportBook(bulk, { filter, orderBy, onProgress: setRows, signal: controller.signal })
      saveFile(blob, `${firm.slug}-households-${firm.businessDate ?? new Date().toISOString().slice(0, 10)}.csv`)
      toast(cut ? t('exportLimit', { count: EXPORT_ROWS_MAX }) : t('exportDone', { count }), { status: cut ? 'attention' : 'fine' })
    } catch (error) {
      if (!controller.signal.aborted) toast(t('exportFailed', { message: (error as Error).message }), { status: 'breach' })
    } finally {
      running.current = null
      setRows(null)
    }
  }

  return (
    <>
      <Button icon={Download} size={primary ? 'sm' : 'md'} look={primary ? 'primary' : 'default'} isDisabled={rows !== null} onPress={() => void start()}>
        {label ?? t('export')}
      </Button>
      {rows === null ? null : (
        <Dialog isOpen mustAnswer onClose={() => running.current?.abort()} title={t('exportTitle')} actions={<Button onPress={() => running.current?.abort()}>{t('exportStop')}</Button>}>
          <p role="status" className="text-text-2">
            {t('exportHint')}. {t('exporting', { count: rows })}
          </p>
        </Dialog>
      )}
    </>
  )
}
