import { expect, it } from 'vitest'
import { placeOf } from './path'

it('reads the place of a path and what of it', () => {
  expect(placeOf('/')).toEqual({ place: '', id: null })
  expect(placeOf('/accounts')).toEqual({ place: 'accounts', id: null })
  expect(placeOf('/accounts/QWNj%3D%3D')).toEqual({ place: 'accounts', id: 'QWNj==' })
})

it.each(['/accounts/%', '/accounts/%E0%A4%A', '/debts/100%'])('takes %s for no page instead of failing', (path) => {
  expect(placeOf(path)).toBeNull()
})
