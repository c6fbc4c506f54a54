import { createContext, useContext, type ReactNode } from 'react'
import { may, type Viewer } from '@/domain/permissions'

const ViewerContext = createContext<Viewer | null>(null)

export function ViewerProvider({ value, children }: { value: Viewer; children: ReactNode }) {
  return <ViewerContext value={value}>{children}</ViewerContext>
}

/** The signed-in person. */
export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext)
  if (!viewer) throw new Error('No signed-in person above this component')
  return viewer
}

/** Whether the signed-in person holds a permission such as `audit.read`. */
export function useMay(permission: string | undefined): boolean {
  return may(useViewer(), permission)
}
