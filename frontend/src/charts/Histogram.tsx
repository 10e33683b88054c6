import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCompact, formatCount, formatNumber } from '@/shared/format';
import { Figure } from '@/shared/ui/Figure';
import { BottomAxis, LeftAxis, Plot } from './Plot';
import { linear } from './scale';

interface Props {
  title: string;
  caption?: ReactNode;
  /** Bin edges, one more than counts. */
  edges: readonly number[];
  counts: readonly number[];
  /** Values marked by a line: fences, a threshold. */
  marks?: readonly { value: number; label: string }[];
  format?: (value: number) => string;
  unit?: string;
  height?: number;
}

/** Counts in bins that the server made. */
export function Histogram({
  title,
  caption,
  edges,
  counts,
  marks = [],
  format = formatNumber,
  unit,
  height = 180,
}: Props) {
  const { t } = useTranslation();
  const domain = [edges[0] ?? 0, edges.at(-1) ?? 1] as const;
  const most = Math.max(1, ...counts);
  const bins = counts.map((count, at) => ({ from: edges[at] ?? 0, to: edges[at + 1] ?? 0, count }));
  return (
    <Figure
      title={title}
      caption={caption}
      table={{
        head: [t('chart.from'), t('chart.to'), t('chart.count')],
        rows: bins.map((bin) => [format(bin.from), format(bin.to), formatCount(bin.count)]),
      }}
    >
      <Plot height={height} label={title} margin={{ bottom: unit ? 34 : 24, top: marks.length > 0 ? 18 : 8 }}>
        {(area) => {
          const x = linear(domain, [area.left, area.right]);
          const y = linear([0, most], [area.bottom, area.top]);
          return (
            <>
              <LeftAxis area={area} domain={[0, most]} format={formatCompact} />
              {bins.map((bin) => (
                <rect
                  key={bin.from}
                  x={x(bin.from) + 0.5}
                  width={Math.max(1, x(bin.to) - x(bin.from) - 1)}
                  y={y(bin.count)}
                  height={Math.max(0, area.bottom - y(bin.count))}
                  fill="var(--ts-accent)"
                  opacity={0.75}
                >
                  <title>{`${format(bin.from)} – ${format(bin.to)}: ${formatCount(bin.count)}`}</title>
                </rect>
              ))}
              {marks.map((mark) => (
                <g key={mark.label}>
                  <line
                    x1={x(mark.value)}
                    x2={x(mark.value)}
                    y1={area.top}
                    y2={area.bottom}
                    stroke="var(--ts-warning)"
                    strokeDasharray="4 3"
                  />
                  <text x={x(mark.value) + 4} y={area.top - 4} fontSize={11} fill="var(--ts-warning)">
                    {mark.label}
                  </text>
                </g>
              ))}
              <BottomAxis area={area} domain={domain} format={format} label={unit} />
            </>
          );
        }}
      </Plot>
    </Figure>
  );
}
