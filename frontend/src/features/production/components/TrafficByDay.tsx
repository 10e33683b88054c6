import { useTranslation } from 'react-i18next';
import { LeftAxis, Plot } from '@/charts/Plot';
import { linear } from '@/charts/scale';
import { formatCompact, formatCount, formatDate, formatNumber } from '@/shared/format';
import { Figure } from '@/shared/ui/Figure';
import type { TrafficDay } from '../queries';

interface Day {
  day: string;
  count: number;
  p95: number | null;
}

const DAY = 86_400_000;

/** One row for each UTC day of the span, days without traffic included: silence is news too. */
export function everyDay(rows: readonly TrafficDay[], now: string, span: number): Day[] {
  const today = Date.parse(`${now.slice(0, 10)}T00:00:00Z`);
  return Array.from({ length: span }, (_, at) => {
    const day = new Date(today - (span - 1 - at) * DAY).toISOString().slice(0, 10);
    const mine = rows.filter((row) => row.day === day);
    const slow = mine.map((row) => row.latency_p95_ms).filter((ms) => ms !== null);
    return {
      day,
      count: mine.reduce((sum, row) => sum + row.count, 0),
      p95: slow.length > 0 ? Math.max(...slow) : null,
    };
  });
}

interface Props {
  days: readonly TrafficDay[];
  now: string;
  span: number;
}

/** How many answers the endpoint gave on each day. */
export function TrafficByDay({ days, now, span }: Props) {
  const { t } = useTranslation('production');
  const rows = everyDay(days, now, span);
  const most = Math.max(1, ...rows.map((row) => row.count));
  const ms = (value: number | null) => (value === null ? '' : `${formatNumber(value)} ms`);
  const slowest = rows.findLast((row) => row.p95 !== null);
  return (
    <Figure
      title={t('overview.byDay')}
      caption={
        slowest?.p95 == null
          ? undefined
          : t('overview.latency', { ms: ms(slowest.p95), day: formatDate(slowest.day) })
      }
      table={{
        head: [t('overview.day'), t('overview.count'), t('overview.p95')],
        rows: rows.map((row) => [formatDate(row.day), formatCount(row.count), ms(row.p95)]),
      }}
    >
      <Plot height={220} label={t('overview.byDay')} margin={{ bottom: 24 }}>
        {(area) => {
          const x = linear([0, rows.length], [area.left, area.right]);
          const y = linear([0, most], [area.bottom, area.top]);
          const step = Math.max(1, Math.ceil(rows.length / Math.max(2, area.width / 110)));
          return (
            <>
              <LeftAxis area={area} domain={[0, most]} format={formatCompact} />
              <line
                x1={area.left}
                x2={area.right}
                y1={area.bottom}
                y2={area.bottom}
                stroke="var(--ts-line)"
              />
              {rows.map((row, at) => (
                <g key={row.day}>
                  <rect
                    x={x(at) + 1}
                    width={Math.max(1, x(at + 1) - x(at) - 2)}
                    y={y(row.count)}
                    height={Math.max(0, area.bottom - y(row.count))}
                    fill="var(--ts-accent)"
                    opacity={0.8}
                  >
                    <title>{`${formatDate(row.day)}: ${formatCount(row.count)}`}</title>
                  </rect>
                  {(rows.length - 1 - at) % step === 0 && at * (area.width / rows.length) > 30 && (
                    <text
                      x={Math.min(x(at + 0.5), area.right - 34)}
                      y={area.bottom + 15}
                      textAnchor="middle"
                      fontSize={11}
                      fill="var(--ts-text-soft)"
                    >
                      {formatDate(row.day)}
                    </text>
                  )}
                </g>
              ))}
            </>
          );
        }}
      </Plot>
    </Figure>
  );
}
