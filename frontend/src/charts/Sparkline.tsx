import { formatCount } from '@/shared/format';

interface Props {
  values: readonly number[];
  /** Read aloud: what the line shows. */
  label: string;
  width?: number;
  height?: number;
}

/** A row of small bars without axes, for a table cell or a card: the shape of the last days. */
export function Sparkline({ values, label, width = 84, height = 20 }: Props) {
  const most = Math.max(1, ...values);
  const step = width / Math.max(1, values.length);
  const total = values.reduce((sum, value) => sum + value, 0);
  return (
    <svg width={width} height={height} role="img" aria-label={`${label}: ${formatCount(total)}`}>
      <line x1={0} x2={width} y1={height - 0.5} y2={height - 0.5} stroke="var(--ts-line)" />
      {values.map((value, at) => {
        const tall = value === 0 ? 0 : Math.max(2, (value / most) * (height - 2));
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: days have no other name
            key={at}
            x={at * step + 0.5}
            y={height - 1 - tall}
            width={Math.max(1, step - 1.5)}
            height={tall}
            fill="var(--ts-accent)"
            opacity={0.75}
          />
        );
      })}
    </svg>
  );
}
