import { Link } from '@tanstack/react-router'
import { formatDate } from '@/domain/dates'
import { formatQuantity } from '@/domain/format'
import { codeName, detailWords } from '@/ui/codeWords'
import { useEnvironment } from '@/ui/environment'
import { Figure } from '@/ui/Figure'
import { SectionHeading } from '@/ui/Heading'
import { EmptyState } from '@/ui/States'
import type { Security } from './SecurityPage'
import { t } from './words'

/** What it was called and when: names change hands, so each has its days. */
export function Identifiers({ security }: { security: Security }) {
  const { locale } = useEnvironment()
  return (
    <section aria-label={t('identifiers')}>
      <SectionHeading aside={security.identifiers.length}>{t('identifiers')}</SectionHeading>
      {security.identifiers.length === 0 ? (
        <EmptyState kind="first" title={t('noIdentifiers')} className="py-4">
          {t('noIdentifiersHint')}
        </EmptyState>
      ) : (
        <table className="w-full border-collapse text-14">
          <thead className="text-12 text-text-2">
            <tr className="border-b border-line text-left">
              <th scope="col" className="h-9 font-medium">
                {t('scheme')}
              </th>
              <th scope="col" className="h-9 pl-3 font-medium">
                {t('value')}
              </th>
              <th scope="col" className="h-9 pl-3 text-right font-medium">
                {t('from')}
              </th>
              <th scope="col" className="h-9 pl-3 text-right font-medium">
                {t('to')}
              </th>
            </tr>
          </thead>
          <tbody>
            {security.identifiers.map(({ scheme, value, exchange, effectiveFrom, effectiveTo }) => (
              <tr key={`${scheme} ${value} ${exchange ?? ''} ${effectiveFrom ?? ''}`} className="border-b border-line">
                <th scope="row" className="h-9 text-left font-normal text-text-2">
                  {codeName(scheme)}
                </th>
                <td className="pl-3">
                  <span className="identifier font-medium">{value}</span>
                  {exchange ? <span className="ml-1 text-12 text-text-3">{t('onExchange', { exchange })}</span> : null}
                </td>
                <td className="pl-3 text-right text-12 whitespace-nowrap text-text-2">{effectiveFrom ? formatDate(locale, effectiveFrom) : t('always')}</td>
                <td className="pl-3 text-right text-12 whitespace-nowrap text-text-2">{effectiveTo ? formatDate(locale, effectiveTo) : t('now')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

type Action = Security['corporateActions'][number]

export function CorporateActions({ security }: { security: Security }) {
  return (
    <section aria-label={t('actions')}>
      <SectionHeading aside={security.corporateActions.length}>{t('actions')}</SectionHeading>
      {security.corporateActions.length === 0 ? (
        <EmptyState kind="none" title={t('noActions')} className="py-4">
          {t('noActionsHint')}
        </EmptyState>
      ) : (
        <ul>
          {security.corporateActions.map((action) => (
            <ActionItem key={action.id} action={action} />
          ))}
        </ul>
      )}
    </section>
  )
}

function ActionItem({ action }: { action: Action }) {
  const { locale } = useEnvironment()
  const { ratioNew, ratioOld, cashAmount, otherSecurity } = action
  return (
    <li className="grid gap-0.5 border-b border-line py-2">
      <span className="flex justify-between gap-3">
        <span className="font-medium">{codeName(action.type)}</span>
        <span className="text-right">
          {ratioNew && ratioOld ? t('ratio', { now: formatQuantity(locale, ratioNew), before: formatQuantity(locale, ratioOld) }) : null}
          {cashAmount ? <Figure kind="price" value={cashAmount} /> : null} {cashAmount ? action.currency : null}
        </span>
      </span>
      <span className="flex flex-wrap gap-x-3 text-12 text-text-3">
        <span>{t('exDate', { date: formatDate(locale, action.exDate) })}</span>
        {action.payDate ? <span>{t('payDate', { date: formatDate(locale, action.payDate) })}</span> : null}
        {otherSecurity ? (
          <Link to="/securities/$id" params={{ id: otherSecurity.id }} className="text-accent hover:underline">
            {t('into', { name: otherSecurity.symbol ?? otherSecurity.name })}
          </Link>
        ) : null}
        {action.newValue ? <span>{t('becomes', { value: action.newValue })}</span> : null}
        <span>{t('source', { source: detailWords(action.source) })}</span>
      </span>
      {action.description ? <span className="text-12 text-text-2">{action.description}</span> : null}
    </li>
  )
}
