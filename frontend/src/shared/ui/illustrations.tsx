/** Small drawings of how a page will look once it has something to show; lines only, in the colours of the theme. */

const LINE = {
  fill: 'none',
  stroke: 'var(--ts-text-soft)',
  strokeWidth: 1.5,
  strokeLinejoin: 'round',
} as const;
const SOFT = { fill: 'var(--ts-accent-soft)', stroke: 'var(--ts-accent)', strokeWidth: 1.5 } as const;

const DRAWINGS = {
  pictures: (
    <>
      <rect x="12" y="16" width="36" height="30" rx="3" {...LINE} />
      <rect x="54" y="16" width="36" height="30" rx="3" {...SOFT} />
      <rect x="96" y="16" width="36" height="30" rx="3" {...LINE} />
      <rect x="12" y="52" width="36" height="30" rx="3" {...LINE} />
      <rect x="54" y="52" width="36" height="30" rx="3" {...LINE} />
      <rect x="96" y="52" width="36" height="30" rx="3" {...LINE} />
      <path d="m56 44 10-14 8 10 5-6 9 10" {...LINE} stroke="var(--ts-accent)" />
    </>
  ),
  queue: (
    <>
      <rect x="44" y="14" width="76" height="52" rx="3" {...LINE} opacity="0.4" />
      <rect x="34" y="22" width="76" height="52" rx="3" {...LINE} opacity="0.7" />
      <rect
        x="24"
        y="30"
        width="76"
        height="52"
        rx="3"
        fill="var(--ts-surface)"
        stroke="var(--ts-text-soft)"
        strokeWidth="1.5"
      />
      <rect x="32" y="66" width="16" height="10" rx="2" {...SOFT} />
      <rect x="52" y="66" width="16" height="10" rx="2" {...LINE} />
      <rect x="72" y="66" width="16" height="10" rx="2" {...LINE} />
    </>
  ),
  chart: (
    <>
      <path d="M20 14v68h108" {...LINE} />
      <rect x="32" y="52" width="14" height="30" {...LINE} />
      <rect x="54" y="34" width="14" height="48" {...SOFT} />
      <rect x="76" y="44" width="14" height="38" {...LINE} />
      <rect x="98" y="62" width="14" height="20" {...LINE} />
    </>
  ),
  interval: (
    <>
      <path d="M20 14v68h108" {...LINE} />
      {[
        [36, 34, 14],
        [58, 40, 12],
        [80, 38, 11],
        [102, 54, 9],
      ].map(([x = 0, y = 0, r = 0]) => (
        <g key={x}>
          <path d={`M${x} ${y - r}v${2 * r}`} {...LINE} />
          <circle cx={x} cy={y} r="4" fill="var(--ts-accent)" />
        </g>
      ))}
    </>
  ),
  box: (
    <>
      <path d="m72 14 44 20v32L72 86 28 66V34z" {...LINE} />
      <path d="m28 34 44 20 44-20M72 54v32" {...LINE} />
      <path d="m50 24 44 20v12" {...LINE} stroke="var(--ts-accent)" />
    </>
  ),
  people: (
    <>
      <circle cx="48" cy="36" r="11" {...LINE} />
      <path d="M28 74c0-14 9-22 20-22s20 8 20 22" {...LINE} />
      <circle cx="98" cy="36" r="11" {...SOFT} />
      <path d="M78 74c0-14 9-22 20-22s20 8 20 22" {...LINE} stroke="var(--ts-accent)" />
    </>
  ),
  done: (
    <>
      <circle cx="72" cy="48" r="30" {...SOFT} />
      <path
        d="m58 49 10 10 19-22"
        {...LINE}
        stroke="var(--ts-accent)"
        strokeWidth="3"
        strokeLinecap="round"
      />
    </>
  ),
} as const;

export type Drawing = keyof typeof DRAWINGS;

export function Illustration({ drawing }: { drawing: Drawing }) {
  return (
    <svg width="144" height="96" viewBox="0 0 144 96" aria-hidden="true">
      {DRAWINGS[drawing]}
    </svg>
  );
}
