import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '@/shared/format';
import { CATEGORICAL } from '@/shared/ui/classColour';
import { Figure } from '@/shared/ui/Figure';
import { BottomAxis, LeftAxis, Legend, Plot } from './Plot';
import { type Domain, extent, linear } from './scale';

export interface CurveSeries {
  name: string;
  /** [x, y] in order of x. */
  points: readonly (readonly [number, number])[];
  dashed?: boolean;
  colour?: string;
  /** An interval around it: [x, low, high]. */
  band?: readonly (readonly [number, number, number])[];
}

interface Props {
  title: string;
  caption?: ReactNode;
  series: readonly CurveSeries[];
  /** A place that matters: the epoch where overfitting starts. */
  mark?: { x: number; label: string } | null;
  xLabel?: string;
  yLabel?: string;
  xDomain?: Domain;
  yDomain?: Domain;
  formatX?: (x: number) => string;
  formatY?: (y: number) => string;
  height?: number;
}

const colourOf = (series: CurveSeries, at: number) =>
  series.colour ??
  (at === 0 ? 'var(--ts-accent)' : (CATEGORICAL[(at + 2) % CATEGORICAL.length] ?? CATEGORICAL[3]));

/** Lines over a common x: learning curves, ROC, reliability; with a marked place. */
export function Curve(props: Props) {
  const { title, caption, series, mark, xLabel, yLabel, height = 240 } = props;
  const { t } = useTranslation();
  const formatX = props.formatX ?? ((x: number) => formatNumber(x));
  const formatY = props.formatY ?? ((y: number) => formatNumber(y));
  const all = series.flatMap((s) => s.points);
  const bands = series.flatMap((s) => s.band ?? []);
  const xDomain = props.xDomain ?? extent(all.map((p) => p[0]));
  const yDomain =
    props.yDomain ?? extent([...all.map((p) => p[1]), ...bands.flatMap((b) => [b[1], b[2]])], 0.06);
  const xs = [...new Set(all.map((p) => p[0]))].sort((a, b) => a - b);
  const lookup = series.map((s) => new Map(s.points.map(([x, y]) => [x, y])));
  return (
    <Figure
      title={title}
      caption={caption}
      table={{
        head: [xLabel ?? 'x', ...series.map((s) => s.name)],
        rows: xs.map((x) => [
          formatX(x),
          ...lookup.map((m) => (m.has(x) ? formatY(m.get(x) ?? 0) : t('chart.missing'))),
        ]),
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
      <Plot
        height={height}
        label={mark ? `${title}. ${mark.label}` : title}
        margin={{ top: yLabel || mark ? 20 : 8, bottom: xLabel ? 34 : 24 }}
      >
        {(area) => {
          const x = linear(xDomain, [area.left, area.right]);
          const y = linear(yDomain, [area.bottom, area.top]);
          return (
            <>
              <LeftAxis area={area} domain={yDomain} format={formatY} label={yLabel} />
              <BottomAxis area={area} domain={xDomain} format={formatX} label={xLabel} />
              {series.map((s, at) => {
                const colour = colourOf(s, at);
                const band = s.band ?? [];
                const edge = [
                  ...band.map((b) => [b[0], b[2]] as const),
                  ...[...band].reverse().map((b) => [b[0], b[1]] as const),
                ];
                return (
                  <g key={s.name}>
                    {edge.length > 0 && (
                      <polygon
                        points={edge.map(([a, b]) => `${x(a)},${y(b)}`).join(' ')}
                        fill={colour}
                        opacity={0.15}
                      />
                    )}
                    <polyline
                      points={s.points.map(([a, b]) => `${x(a)},${y(b)}`).join(' ')}
                      fill="none"
                      stroke={colour}
                      strokeWidth={1.8}
                      strokeLinejoin="round"
                      strokeDasharray={s.dashed ? '5 4' : undefined}
                    />
                    {s.points.length <= 40 &&
                      s.points.map(([a, b]) => (
                        <circle key={a} cx={x(a)} cy={y(b)} r={s.points.length === 1 ? 4 : 2.5} fill={colour}>
                          <title>{`${s.name}: ${formatX(a)}, ${formatY(b)}`}</title>
                        </circle>
                      ))}
                  </g>
                );
              })}
              {mark && (
                <g>
                  <line
                    x1={x(mark.x)}
                    x2={x(mark.x)}
                    y1={area.top}
                    y2={area.bottom}
                    stroke="var(--ts-warning)"
                    strokeWidth={1.5}
                    strokeDasharray="4 3"
                  />
                  <text
                    x={x(mark.x) + (x(mark.x) > area.left + area.width * 0.6 ? -5 : 5)}
                    y={area.top - 6}
                    fontSize={11}
                    textAnchor={x(mark.x) > area.left + area.width * 0.6 ? 'end' : 'start'}
                    fill="var(--ts-warning)"
                  >
                    {mark.label}
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
