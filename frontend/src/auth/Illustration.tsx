/** A firm's landscape, drawn in its own accent. Firms choose by name; an unknown name shows the ridge. */
export function Illustration({ name }: { name: string }) {
  return (
    <svg viewBox="0 0 760 900" preserveAspectRatio="xMidYMax slice" className="block h-dvh w-full text-accent" fill="none" stroke="currentColor">
      {name === 'pines' ? <Pines /> : <Ridge />}
    </svg>
  )
}

const WIDTH = 760
const wave = (x: number, row: number) => Math.sin(x / 118 + row * 0.62) * (2 + row * 0.42) + Math.sin(x / 53 + row * 1.7) * (0.6 + row * 0.12)

function contour(row: number, base: number): string {
  let path = ''
  for (let x = 0; x <= WIDTH; x += 20) path += `${x === 0 ? 'M' : 'L'}${x} ${(base + wave(x, row)).toFixed(1)}`
  return path
}

const ROWS = Array.from({ length: 17 }, (_, row) => row)

function Pine({ x, ground, height, tiers, filled }: { x: number; ground: number; height: number; tiers: number; filled?: boolean }) {
  const trunk = height * 0.13
  const body = height - trunk
  const steps = Array.from({ length: tiers }, (_, tier) => tier)
  return (
    <g className={filled ? 'fill-accent-mid' : 'fill-accent-soft'} strokeWidth="1.5" strokeLinejoin="round">
      <path d={`M${x} ${ground}V${ground - trunk}`} />
      {steps.toReversed().map((tier) => {
        const step = body / (tiers + 0.06)
        const top = ground - height + step * tier
        const bottom = top + step * 1.06
        const half = height * (0.09 + tier * 0.045)
        const inner = tier === 0 ? 0 : height * (0.03 + tier * 0.02)
        return <path key={tier} d={`M${x - inner} ${top}L${x - half} ${bottom}H${x + half}L${x + inner} ${top}Z`} />
      })}
    </g>
  )
}

function Pines() {
  const ground = 560
  return (
    <>
      <Pine x={427} ground={ground} height={114} tiers={4} />
      <Pine x={487} ground={ground} height={145} tiers={4} />
      <Pine x={589} ground={ground} height={135} tiers={4} />
      <Pine x={535} ground={ground} height={209} tiers={4} filled />
      <path d={`M0 ${ground}H${WIDTH}`} strokeWidth="1.5" />
      {ROWS.map((row) => (
        <path key={row} d={contour(row, ground + 22 + row * 21.5)} className="stroke-accent-line" strokeWidth="1" />
      ))}
    </>
  )
}

const FAR = [[0, 500], [70, 462], [128, 478], [212, 392], [262, 424], [330, 338], [392, 404], [452, 372], [540, 262], [612, 356], [660, 330], [760, 420]] as const
const NEAR = [[0, 560], [96, 522], [170, 548], [270, 470], [352, 532], [436, 486], [500, 540], [594, 448], [676, 520], [760, 492]] as const

const joined = (points: readonly (readonly [number, number])[]) => points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${x} ${y}`).join('')

function Ridge() {
  return (
    <>
      <g strokeWidth="1.5" strokeLinejoin="round">
        <path d={joined(FAR)} />
        <path d="M540 262 612 356 586 350 560 372 540 344 516 366 498 316Z" className="fill-accent-mid" />
        <path d="M330 338 392 404 366 398 346 414 326 392 306 372Z" className="fill-accent-mid" />
        <path d={`${joined(NEAR)}V588H0Z`} className="fill-accent-soft" stroke="none" />
        <path d={joined(NEAR)} />
      </g>
      {ROWS.map((row) => (
        <path key={row} d={contour(row, 588 + row * 20)} className="stroke-accent-line" strokeWidth="1" />
      ))}
    </>
  )
}
