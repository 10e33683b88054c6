import { Text, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatCount, formatNumber, formatPercent } from '@/shared/format';
import { useReason } from './reasons';

/** A number that knows how sure it is. `value` null means that it cannot be computed, and `reason` says why. */
export interface Estimate {
  value: number | null;
  low?: number | null;
  high?: number | null;
  /** Level of the interval: 0.95. */
  level?: number | null;
  n?: number | null;
  /** "Wilson", "percentile bootstrap", … */
  method?: string | null;
  reason?: string | null;
}

interface Props extends Estimate {
  /** For screen readers: what is estimated. */
  label?: string;
  /** The range drawn; [0, 1] by default. */
  domain?: readonly [number, number];
  /** `percent` for shares, `number` for anything else. */
  unit?: 'percent' | 'number';
  /** A value to compare with, drawn as a line: the target. */
  target?: number | null;
  width?: number;
  /** Hides the words and keeps the drawing, for dense tables. */
  compact?: boolean;
}

const HEIGHT = 16;

export function EstimateBar({
  unit = 'percent',
  domain = [0, 1],
  width = 120,
  compact = false,
  label,
  target,
  ...estimate
}: Props) {
  const { t } = useTranslation();
  const { value, low, high, n, reason } = estimate;
  if (value === null) return <CannotCompute reason={reason} />;
  const show = unit === 'percent' ? formatPercent : formatNumber;
  const x = (v: number) =>
    4 + ((Math.min(Math.max(v, domain[0]), domain[1]) - domain[0]) / (domain[1] - domain[0])) * (width - 8);
  const interval =
    low != null && high != null ? t('estimate.interval', { low: show(low), high: show(high) }) : null;
  const level = formatPercent(estimate.level ?? 0.95, 0);
  const words = [
    label,
    show(value),
    interval && t('estimate.level', { level, interval }),
    n != null && t('estimate.n', { n: formatCount(n) }),
    estimate.method,
  ].filter(Boolean);
  return (
    <Tooltip label={words.join(' · ')} multiline maw={320}>
      <span
        style={{
          display: 'inline-flex',
          flexWrap: 'wrap',
          alignItems: 'center',
          columnGap: 8,
          maxWidth: '100%',
        }}
        className="tabular"
      >
        <svg
          viewBox={`0 0 ${width} ${HEIGHT}`}
          style={{ width, maxWidth: '100%', height: 'auto' }}
          role="img"
          aria-label={words.join(', ')}
        >
          <line
            x1={4}
            x2={width - 4}
            y1={8}
            y2={8}
            stroke="var(--ts-line)"
            strokeWidth={2}
            strokeLinecap="round"
          />
          {low != null && high != null && (
            <line
              x1={x(low)}
              x2={x(high)}
              y1={8}
              y2={8}
              stroke="var(--ts-accent)"
              strokeWidth={6}
              strokeLinecap="round"
              opacity={0.35}
            />
          )}
          {target != null && (
            <line
              x1={x(target)}
              x2={x(target)}
              y1={1}
              y2={15}
              stroke="var(--ts-text-soft)"
              strokeDasharray="2 2"
            />
          )}
          <circle cx={x(value)} cy={8} r={4} fill="var(--ts-accent)" />
        </svg>
        {!compact && (
          <span style={{ whiteSpace: 'nowrap' }}>
            <strong style={{ fontWeight: 600 }}>{show(value)}</strong>
            {(interval || n != null) && (
              <Text span size="xs" c="dimmed" ml={6}>
                {[interval, n != null && t('estimate.n', { n: formatCount(n) })].filter(Boolean).join(' · ')}
              </Text>
            )}
          </span>
        )}
      </span>
    </Tooltip>
  );
}

/** Instead of a dash. */
export function CannotCompute({ reason }: { reason?: string | null | undefined }) {
  const { t } = useTranslation();
  const why = useReason();
  return (
    <Text span size="xs" c="dimmed">
      {reason ? t('estimate.cannot', { reason: why(reason) }) : t('estimate.cannotUnknown')}
    </Text>
  );
}
