import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber, formatPercent } from '@/shared/format';
import { Figure } from '@/shared/ui/Figure';
import { BottomAxis, LeftAxis, Legend, Plot } from './Plot';
import { linear, shares } from './scale';

interface Props {
  title: string;
  caption?: ReactNode;
  /** Bin edges of a numeric attribute, or … */
  edges?: readonly number[];
  /** … the names of the categories. */
  categories?: readonly string[];
  /** Counts per bin; drawn as shares, so that sizes do not matter. */
  reference: readonly number[];
  current: readonly number[];
  /** What is compared with what: ["Training", "Production"]. */
  names?: readonly [string, string];
  height?: number;
  legend?: boolean;
}

/** Two populations over the same bins: the reference filled, the current one as an outline. */
export function PairedHistogram(props: Props) {
  const { title, caption, edges, categories, height = 160, legend = true } = props;
  const { t } = useTranslation();
  const names = props.names ?? [t('chart.reference'), t('chart.current')];
  const reference = shares(props.reference);
  const current = shares(props.current);
  const most = Math.max(0.001, ...reference, ...current);
  const count = Math.max(reference.length, current.length);
  const nameOf = (at: number) =>
    categories?.[at] ?? `${formatNumber(edges?.[at] ?? at)} – ${formatNumber(edges?.[at + 1] ?? at + 1)}`;
  const rows = Array.from({ length: count }, (_, at) => at);
  return (
    <Figure
      title={title}
      caption={caption}
      table={{
        head: [t('chart.value'), names[0], names[1]],
        rows: rows.map((at) => [
          nameOf(at),
          formatPercent(reference[at] ?? 0),
          formatPercent(current[at] ?? 0),
        ]),
      }}
    >
      {legend && (
        <Legend
          entries={[
            { name: names[0], colour: 'var(--ts-line)', area: true },
            { name: names[1], colour: 'var(--ts-accent)' },
          ]}
        />
      )}
      <Plot height={height} label={`${title}: ${names.join(', ')}`} margin={{ bottom: 22 }}>
        {(area) => {
          const x = linear([0, count], [area.left, area.right]);
          const y = linear([0, most], [area.bottom, area.top]);
          const outline = rows
            .map((at) => `L${x(at)} ${y(current[at] ?? 0)}L${x(at + 1)} ${y(current[at] ?? 0)}`)
            .join('');
          return (
            <>
              <LeftAxis area={area} domain={[0, most]} format={(v) => formatPercent(v)} count={3} />
              {rows.map((at) => (
                <rect
                  key={at}
                  x={x(at) + 0.5}
                  width={Math.max(1, x(at + 1) - x(at) - 1)}
                  y={y(reference[at] ?? 0)}
                  height={Math.max(0, area.bottom - y(reference[at] ?? 0))}
                  fill="var(--ts-line)"
                >
                  <title>{`${nameOf(at)}: ${formatPercent(reference[at] ?? 0)}, ${formatPercent(current[at] ?? 0)}`}</title>
                </rect>
              ))}
              <path
                d={`M${area.left} ${area.bottom}${outline}L${area.right} ${area.bottom}`}
                fill="none"
                stroke="var(--ts-accent)"
                strokeWidth={1.8}
              />
              {edges ? (
                <BottomAxis
                  area={area}
                  domain={[edges[0] ?? 0, edges.at(-1) ?? 1]}
                  format={(v) => formatNumber(v)}
                />
              ) : (
                <CategoryNames
                  names={rows.map(nameOf)}
                  x={x}
                  y={area.bottom + 14}
                  width={area.width / count}
                />
              )}
            </>
          );
        }}
      </Plot>
    </Figure>
  );
}

interface NamesProps {
  names: readonly string[];
  x: (at: number) => number;
  y: number;
  width: number;
}

/** Names below their bars, cut to what fits; nothing when nothing fits. */
function CategoryNames({ names, x, y, width }: NamesProps) {
  const room = Math.floor(width / 6.2);
  if (room < 3) return null;
  return names.map((name, at) => (
    <text key={name} x={x(at + 0.5)} y={y} textAnchor="middle" fontSize={11} fill="var(--ts-text-soft)">
      {name.length > room ? `${name.slice(0, room - 1)}…` : name}
    </text>
  ));
}
