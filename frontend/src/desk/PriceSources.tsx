import { useState } from 'react'
import { formatDate } from '@/domain/dates'
import type { PriceWordPartsFragment } from '@/generated/graphql'
import { Button } from '@/ui/Button'
import { detailWords } from '@/ui/codeWords'
import { useEnvironment } from '@/ui/environment'
import { Figure } from '@/ui/Figure'
import { SectionHeading } from '@/ui/Heading'
import { Status } from '@/ui/Status'
import { OverrideDialog, priceWords as t, WithdrawDialog, type PricedSecurity, type PriceToWithdraw } from './PriceDialogs'

interface PriceSourcesProps {
  security: PricedSecurity
  words: readonly PriceWordPartsFragment[]
  mayOverride: boolean
  /** The day a new price is first meant for. */
  day: string
  onChanged: () => void
}

/** What every source says of the last days, which one counts and why; prices are entered and taken back from here. */
export function PriceSources({ security, words, mayOverride, day, onChanged }: PriceSourcesProps) {
  const { locale } = useEnvironment()
  const [entering, setEntering] = useState(false)
  const [taking, setTaking] = useState<PriceToWithdraw | null>(null)
  return (
    <section aria-label={t('sources')} className="min-w-0">
      <SectionHeading
        level={3}
        aside={
          mayOverride ? (
            <Button size="sm" onPress={() => setEntering(true)}>
              {t('override')}
            </Button>
          ) : null
        }
      >
        {t('sources')}
      </SectionHeading>
      {words.length === 0 ? <p className="py-3 text-text-2">{t('noWords')}</p> : null}
      <div className="max-h-72 overflow-y-auto" tabIndex={words.length > 8 ? 0 : undefined} role="region" aria-label={t('sourcesScroll')}>
        <table className={words.length === 0 ? 'sr-only' : 'w-full border-collapse'}>
          <thead className="text-12 text-text-2">
            <tr className="border-b border-line text-left">
              <th scope="col" className="h-8 font-medium">
                {t('day')}
              </th>
              <th scope="col" className="h-8 pl-3 font-medium">
                {t('source')}
              </th>
              <th scope="col" className="h-8 pl-3 text-right font-medium">
                {t('close')}
              </th>
              {mayOverride ? (
                <th scope="col" className="h-8 pl-3">
                  <span className="sr-only">{t('act')}</span>
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {words.map((word) => (
              <tr key={`${word.date} ${word.source}`} className="border-b border-line align-top">
                <td className="h-9 py-2 text-12 whitespace-nowrap text-text-2">{formatDate(locale, word.date, 'short')}</td>
                <td className="py-2 pl-3">
                  <span className="block">{detailWords(word.source)}</span>
                  <span className="block text-12 text-text-3">
                    <Status is={word.precedence === 1 ? 'fine' : word.precedence === null ? 'cancelled' : 'fact'}>
                      {word.precedence === 1 ? t('counts') : word.precedence === null ? t('withdrawn') : t('below', { place: word.precedence - 1 })}
                    </Status>
                  </span>
                  {word.reason ? <span className="block text-12 text-text-2">{t('enteredBy', { name: word.enteredBy?.name ?? '', reason: word.reason })}</span> : null}
                </td>
                <td className="py-2 pl-3 text-right">
                  <Figure kind="price" value={word.close} className={word.precedence === 1 ? 'font-medium' : 'text-text-3'} />
                </td>
                {mayOverride ? (
                  <td className="py-1 pl-3 text-right">
                    {word.precedence === null ? null : (
                      <Button size="sm" look="quiet" onPress={() => setTaking(word)} aria-label={`${t('withdraw')} ${formatDate(locale, word.date, 'short')} ${detailWords(word.source)}`}>
                        {t('withdraw')}
                      </Button>
                    )}
                  </td>
                ) : null}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {entering ? <OverrideDialog security={security} day={day} onClose={() => setEntering(false)} onDone={onChanged} /> : null}
      {taking ? <WithdrawDialog security={security} price={taking} onClose={() => setTaking(null)} onDone={onChanged} /> : null}
    </section>
  )
}
