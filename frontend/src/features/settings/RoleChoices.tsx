import { Checkbox } from '@/ui/Checkbox'
import { roleName, t } from './words'
import type { RoleName } from './search'

interface RoleChoicesProps {
  roles: readonly RoleName[]
  chosen: readonly RoleName[]
  onChange: (chosen: RoleName[]) => void
  error?: string | undefined
}

/** Roles with what each is for. A person may hold several. */
export function RoleChoices({ roles, chosen, onChange, error }: RoleChoicesProps) {
  return (
    <fieldset className="grid gap-2" aria-describedby={error ? 'role-error' : undefined}>
      <legend className="mb-1.5 font-medium">{t('roles')}</legend>
      {roles.map((role) => (
        <Checkbox
          key={role}
          isSelected={chosen.includes(role)}
          onChange={(on) => onChange(on ? roles.filter((each) => each === role || chosen.includes(each)) : chosen.filter((each) => each !== role))}
          detail={t(`what${role}`)}
        >
          {roleName(role)}
        </Checkbox>
      ))}
      {error ? (
        <p id="role-error" className="text-12 text-negative">
          {error}
        </p>
      ) : null}
    </fieldset>
  )
}
