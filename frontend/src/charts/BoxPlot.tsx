import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '@/shared/format';
import { Figure } from '@/shared/ui/Figure';
import { BottomAxis, Plot } from './Plot';
import { extent, linear } from './scale';

export interface Box {
  label: string;
  /** Ends of the whiskers: the outermost values within 1.5 interquartile ranges. */
  low: number;
  q1: number;
  median: number;
  q3: number;
  high: number;
  outliers?: readonly number[];
  /** All outliers, when `outliers` is only some of them. */
  outlierCount?: number;
}

interface Props {
  title: string;
  caption?: ReactNode;
  boxes: readonly Box[];
  format?: (value: number) => string;
  unit?: string;
}

const ROW = 36;

export function BoxPlot({ title, caption, boxes, format = formatNumber, unit }: Props) {
  const { t } = useTranslation();
  const domain = extent(
    boxes.flatMap((b) => [b.low, b.high, ...(b.outliers ?? [])]),
    0.03,
  );
  const longest = Math.max(4, ...boxes.map((b) => b.label.length));
  return (
    <Figure
      title={title}
      caption={caption}
      table={{
        head: [
          '',
          t('chart.low'),
          t('chart.q1'),
          t('chart.median'),
          t('chart.q3'),
          t('chart.high'),
          t('chart.outliers'),
        ],
        rows: boxes.map((b) => [
          b.label,
          ...[b.low, b.q1, b.median, b.q3, b.high].map((v) => format(v)),
          b.outlierCount ?? b.outliers?.length ?? 0,
        ]),
      }}
    >
      <Plot
        height={boxes.length * ROW + 40}
        label={title}
        margin={{ left: Math.min(160, 14 + longest * 6.8), bottom: 34 }}
      >
        {(area) => {
          const x = linear(domain, [area.left, area.right]);
          return (
            <>
              {boxes.map((b, at) => {
                const y = area.top + at * ROW + ROW / 2;
                return (
                  <g key={b.label}>
                    <title>{`${b.label}: ${format(b.q1)} · ${format(b.median)} · ${format(b.q3)}`}</title>
                    <text
                      x={area.left - 8}
                      y={y + 4}
                      textAnchor="end"
                      fontSize={12}
                      fill="var(--mantine-color-text)"
                    >
                      {b.label.length > 22 ? `${b.label.slice(0, 21)}…` : b.label}
                    </text>
                    <line x1={x(b.low)} x2={x(b.high)} y1={y} y2={y} stroke="var(--ts-text-soft)" />
                    <rect
                      x={x(b.q1)}
                      y={y - 9}
                      width={Math.max(1, x(b.q3) - x(b.q1))}
                      height={18}
                      fill="var(--ts-accent-soft)"
                      stroke="var(--ts-accent)"
                    />
                    <line
                      x1={x(b.median)}
                      x2={x(b.median)}
                      y1={y - 9}
                      y2={y + 9}
                      stroke="var(--ts-accent)"
                      strokeWidth={2.5}
                    />
                    {(b.outliers ?? []).map((value, index) => (
                      <circle
                        // biome-ignore lint/suspicious/noArrayIndexKey: equal outliers exist
                        key={index}
                        cx={x(value)}
                        cy={y}
                        r={2.5}
                        fill="none"
                        stroke="var(--ts-warning)"
                      />
                    ))}
                  </g>
                );
              })}
              <BottomAxis area={area} domain={domain} format={format} label={unit} />
            </>
          );
        }}
      </Plot>
    </Figure>
  );
}
