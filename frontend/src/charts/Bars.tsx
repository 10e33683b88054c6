import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '@/shared/format';
import { Figure } from '@/shared/ui/Figure';
import { Plot } from './Plot';
import { linear } from './scale';

export interface Bar {
  key: string;
  label: string;
  value: number;
  /** An interval, drawn as a whisker. */
  low?: number | null;
  high?: number | null;
  colour?: string;
}

interface Props {
  title: string;
  caption?: ReactNode;
  rows: readonly Bar[];
  format?: (value: number) => string;
  /** The end of the axis; the largest value by default. */
  max?: number;
  /** A line to compare with. */
  target?: { value: number; label: string } | null;
  onPick?: (key: string) => void;
}

const ROW = 24;

/** Horizontal bars with their names and values: class balance, missing values, effects. */
export function Bars({ title, caption, rows, format = formatCount, max, target, onPick }: Props) {
  const { t } = useTranslation();
  const most = max ?? Math.max(1e-9, target?.value ?? 0, ...rows.map((row) => row.high ?? row.value));
  const interval = rows.some((row) => row.low != null);
  const longest = Math.max(4, ...rows.map((row) => row.label.length));
  const left = Math.min(180, 14 + longest * 6.8);
  return (
    <Figure
      title={title}
      caption={caption}
      table={{
        head: [t('chart.class'), t('chart.value'), ...(interval ? [t('chart.low'), t('chart.high')] : [])],
        rows: rows.map((row) => [
          row.label,
          format(row.value),
          ...(interval
            ? [row.low == null ? '' : format(row.low), row.high == null ? '' : format(row.high)]
            : []),
        ]),
      }}
    >
      <Plot
        height={rows.length * ROW + (target ? 26 : 8)}
        label={title}
        margin={{ left, right: 72, top: target ? 22 : 4, bottom: 4 }}
      >
        {(area) => {
          const x = linear([0, most], [area.left, area.right]);
          const room = Math.floor((left - 12) / 6.4);
          return (
            <>
              {rows.map((row, at) => {
                const y = area.top + at * ROW;
                return (
                  // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the mouse; the page links to the same by keyboard
                  <g
                    key={row.key}
                    onClick={onPick && (() => onPick(row.key))}
                    style={onPick ? { cursor: 'pointer' } : {}}
                  >
                    <title>{`${row.label}: ${format(row.value)}`}</title>
                    <rect x={0} y={y} width={area.right + 60} height={ROW} fill="transparent" />
                    <text
                      x={area.left - 8}
                      y={y + 16}
                      textAnchor="end"
                      fontSize={12}
                      fill="var(--mantine-color-text)"
                    >
                      {row.label.length > room ? `${row.label.slice(0, room - 1)}…` : row.label}
                    </text>
                    <rect
                      x={area.left}
                      y={y + 5}
                      height={ROW - 10}
                      width={Math.max(1, x(row.value) - area.left)}
                      fill={row.colour ?? 'var(--ts-accent)'}
                      opacity={0.8}
                    />
                    {row.low != null && row.high != null && (
                      <line
                        x1={x(row.low)}
                        x2={x(row.high)}
                        y1={y + 12}
                        y2={y + 12}
                        stroke="var(--mantine-color-text)"
                        strokeWidth={1.5}
                      />
                    )}
                    <text
                      x={x(Math.max(row.value, row.high ?? 0)) + 6}
                      y={y + 16}
                      fontSize={12}
                      className="tabular"
                      fill="var(--ts-text-soft)"
                    >
                      {format(row.value)}
                    </text>
                  </g>
                );
              })}
              {target && (
                <g>
                  <line
                    x1={x(target.value)}
                    x2={x(target.value)}
                    y1={area.top - 4}
                    y2={area.bottom}
                    stroke="var(--ts-warning)"
                    strokeDasharray="4 3"
                  />
                  <text
                    x={x(target.value)}
                    y={area.top - 8}
                    fontSize={11}
                    textAnchor="middle"
                    fill="var(--ts-warning)"
                  >
                    {target.label}
                  </text>
                </g>
              )}
            </>
          );
        }}
      </Plot>
    </Figure>
  );
}
