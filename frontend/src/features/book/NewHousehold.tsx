import { useNavigate } from '@tanstack/react-router'
import Plus from 'lucide-react/icons/plus'
import { useViewer } from '@/data'
import { mayMakeHouseholds } from '@/domain/permissions'
import { Button } from '@/ui/Button'
import { t } from './words'

/** The way onto the books, for those who may make households. */
export function NewHousehold({ primary = false }: { primary?: boolean }) {
  const viewer = useViewer()
  const navigate = useNavigate()
  if (!mayMakeHouseholds(viewer)) return null
  return (
    <Button icon={Plus} look={primary ? 'primary' : 'default'} onPress={() => void navigate({ to: '/onboard' })}>
      {t('newHousehold')}
    </Button>
  )
}
