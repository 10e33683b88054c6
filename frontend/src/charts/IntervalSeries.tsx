import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatDate, formatPercent } from '@/shared/format';
import { CATEGORICAL } from '@/shared/ui/classColour';
import { Figure } from '@/shared/ui/Figure';
import { LeftAxis, Legend, Plot } from './Plot';
import { type Domain, extent, linear } from './scale';

export interface IntervalPoint {
  /** ISO time. */
  at: string;
  value: number;
  low?: number | null;
  high?: number | null;
  n?: number | null;
}

export interface IntervalLine {
  name: string;
  points: readonly IntervalPoint[];
  /** Not measured but estimated, say without labels. */
  dashed?: boolean;
  colour?: string;
}

interface Props {
  title: string;
  caption?: ReactNode;
  series: readonly IntervalLine[];
  /** Vertical lines: releases. */
  events?: readonly { at: string; label: string }[];
  target?: { value: number; label: string } | null;
  format?: (value: number) => string;
  domain?: Domain;
  height?: number;
}

// Half the width of a long name, and of a date.
const NAME = 80;
const DATE = 24;

function anchorAt(
  x: number,
  area: { left: number; right: number },
  half: number,
): 'start' | 'middle' | 'end' {
  if (x > area.right - half) return 'end';
  return x < area.left + half ? 'start' : 'middle';
}

/** Estimates over time, each with its interval; releases and the target as lines. */
export function IntervalSeries(props: Props) {
  const { title, caption, series, events = [], target, height = 240 } = props;
  const { t } = useTranslation();
  const format = props.format ?? ((v: number) => formatPercent(v));
  const time = (iso: string) => Date.parse(iso);
  const points = series.flatMap((s) => s.points);
  const values = points.flatMap((p) => [p.value, p.low ?? p.value, p.high ?? p.value]);
  const yDomain = props.domain ?? extent(target ? [...values, target.value] : values, 0.08);
  const xDomain = extent([...points.map((p) => time(p.at)), ...events.map((e) => time(e.at))], 0.04);
  const colourOf = (line: IntervalLine, at: number) =>
    line.colour ??
    (at === 0 ? 'var(--ts-accent)' : (CATEGORICAL[(at + 2) % CATEGORICAL.length] ?? CATEGORICAL[3]));
  return (
    <Figure
      title={title}
      caption={caption}
      table={{
        head: ['', '', t('chart.value'), t('chart.low'), t('chart.high'), t('chart.n')],
        rows: series.flatMap((s) =>
          s.points.map((p) => [
            formatDate(p.at),
            s.name,
            format(p.value),
            p.low == null ? '' : format(p.low),
            p.high == null ? '' : format(p.high),
            p.n == null ? '' : formatCount(p.n),
          ]),
        ),
      }}
    >
      {series.length > 1 && (
        <Legend
          entries={series.map((s, at) => ({
            name: s.name,
            colour: colourOf(s, at),
            dashed: s.dashed ?? false,
          }))}
        />
      )}
      <Plot height={height} label={title} margin={{ top: events.length > 0 || target ? 22 : 10, bottom: 24 }}>
        {(area) => {
          const x = linear(xDomain, [area.left, area.right]);
          const y = linear(yDomain, [area.bottom, area.top]);
          const days = [...new Set(points.map((p) => p.at))].sort();
          const step = Math.max(1, Math.ceil(days.length / Math.max(2, area.width / 110)));
          return (
            <>
              <LeftAxis area={area} domain={yDomain} format={format} />
              <line
                x1={area.left}
                x2={area.right}
                y1={area.bottom}
                y2={area.bottom}
                stroke="var(--ts-line)"
              />
              {days
                .filter((_, at) => at % step === 0)
                .map((day) => (
                  <text
                    key={day}
                    x={x(time(day))}
                    y={area.bottom + 15}
                    textAnchor={anchorAt(x(time(day)), area, DATE)}
                    fontSize={11}
                    fill="var(--ts-text-soft)"
                  >
                    {formatDate(day)}
                  </text>
                ))}
              {target && (
                <g>
                  <line
                    x1={area.left}
                    x2={area.right}
                    y1={y(target.value)}
                    y2={y(target.value)}
                    stroke="var(--ts-text-soft)"
                    strokeDasharray="2 3"
                  />
                  <text
                    x={area.left + 4}
                    y={y(target.value) - 4}
                    textAnchor="start"
                    fontSize={11}
                    fill="var(--ts-text-soft)"
                  >
                    {target.label}
                  </text>
                </g>
              )}
              {events.map((event) => (
                <g key={event.at + event.label}>
                  <line
                    x1={x(time(event.at))}
                    x2={x(time(event.at))}
                    y1={area.top}
                    y2={area.bottom}
                    stroke="var(--ts-line)"
                    strokeWidth={1.5}
                  />
                  <text
                    x={x(time(event.at))}
                    y={area.top - 8}
                    // Names near an edge stay inside the figure.
                    textAnchor={anchorAt(x(time(event.at)), area, NAME)}
                    fontSize={11}
                    fill="var(--ts-text-soft)"
                  >
                    {event.label}
                  </text>
                </g>
              ))}
              {series.map((s, at) => (
                <g key={s.name}>
                  <polyline
                    points={s.points.map((p) => `${x(time(p.at))},${y(p.value)}`).join(' ')}
                    fill="none"
                    stroke={colourOf(s, at)}
                    opacity={0.5}
                    strokeDasharray={s.dashed ? '5 4' : undefined}
                  />
                  {s.points.map((p) => (
                    <g key={p.at}>
                      <title>{`${s.name}, ${formatDate(p.at)}: ${format(p.value)}`}</title>
                      {p.low != null && p.high != null && (
                        <line
                          x1={x(time(p.at))}
                          x2={x(time(p.at))}
                          y1={y(p.low)}
                          y2={y(p.high)}
                          stroke={colourOf(s, at)}
                          strokeWidth={5}
                          strokeLinecap="round"
                          opacity={0.3}
                        />
                      )}
                      <circle
                        cx={x(time(p.at))}
                        cy={y(p.value)}
                        r={4}
                        fill={s.dashed ? 'var(--ts-surface)' : colourOf(s, at)}
                        stroke={colourOf(s, at)}
                        strokeWidth={1.5}
                      />
                    </g>
                  ))}
                </g>
              ))}
            </>
          );
        }}
      </Plot>
    </Figure>
  );
}
