import { Link } from '@tanstack/react-router'
import { useMay } from '@/data'
import { TabNav } from '@/ui/Tabs'
import { t } from './words'

/** Work and findings are two lists of what waits. */
export function ListTabs({ current }: { current: 'work' | 'findings' }) {
  const seesFindings = useMay('findings.read')
  const tabs = [
    { id: 'work', label: t('tabWork'), current: current === 'work' },
    ...(seesFindings ? [{ id: 'findings', label: t('tabFindings'), current: current === 'findings' }] : []),
  ]
  return (
    <TabNav
      label={t('tabs')}
      tabs={tabs}
      className="mt-2 mb-4"
      link={(tab, className, content) => (
        <Link to={tab.id === 'work' ? '/work' : '/findings'} search={{}} className={className} aria-current={tab.current ? 'page' : undefined}>
          {content}
        </Link>
      )}
    />
  )
}
