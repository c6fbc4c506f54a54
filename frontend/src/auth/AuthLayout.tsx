import type { ReactNode } from 'react'
import { useFirm } from '@/data/context'
import { FirmLogo } from '@/ui/Brand'
import { Illustration } from './Illustration'
import { t } from './words'

/** The firm's mark, one form, whom to ask; the firm's landscape beside it on a desk. */
export function AuthLayout({ children }: { children: ReactNode }) {
  const firm = useFirm()
  const { email, phone } = firm.support
  return (
    <div className="flex min-h-dvh">
      <main className="flex w-full flex-col px-6 py-8 sm:px-10 lg:w-[47.25%] lg:py-12 lg:pr-12 lg:pl-[min(140px,10vw)]">
        <div className="flex items-center gap-3">
          <FirmLogo size={32} />
          <span className="text-16 font-semibold">{firm.name}</span>
        </div>
        <div className="flex w-full max-w-[400px] flex-1 flex-col justify-center py-10">{children}</div>
        <footer className="max-w-[400px] text-12 text-text-3">
          {phone ? t('questions', { email, phone }) : t('questionsEmail', { email })} {firm.legalFooter}
        </footer>
      </main>
      <div aria-hidden="true" className="hidden flex-1 border-l border-line bg-accent-soft lg:block">
        <Illustration name={firm.brand.illustration} />
      </div>
    </div>
  )
}

export function AuthHeading({ title, hint }: { title: string; hint: string | null }) {
  return (
    <div className="mb-8">
      <h1 className="text-30 font-semibold display">{title}</h1>
      {hint ? <p className="mt-1 text-14 text-text-2">{hint}</p> : null}
    </div>
  )
}

export const authHeading = (title: string, hint: string | null) => <AuthHeading title={title} hint={hint} />
