import { useTranslation } from 'react-i18next';
import { BottomAxis, LeftAxis, Legend, Plot } from '@/charts/Plot';
import { type Domain, extent, linear } from '@/charts/scale';
import { formatNumber, formatPercent } from '@/shared/format';
import { CATEGORICAL } from '@/shared/ui/classColour';
import { Figure } from '@/shared/ui/Figure';
import type { Thresholds } from '../queries';

interface Line {
  name: string;
  values: readonly number[];
  colour: string;
  dashed?: boolean;
}

interface Props {
  data: Thresholds;
  /** Index of the threshold tried. */
  at: number;
  /** Index of the threshold in use, if there is one. */
  chosen: number | null;
}

const UNIT: Domain = [0, 1];

function Lines({
  data,
  at,
  chosen,
  lines,
  domain,
  format,
  title,
  height,
}: Props & {
  lines: readonly Line[];
  domain: Domain;
  format: (value: number) => string;
  title: string;
  height: number;
}) {
  const { t } = useTranslation('models');
  const { thresholds, best } = data;
  const marks = [
    { index: best, colour: 'var(--ts-good)', label: t('threshold.cheapest'), dashed: true },
    ...(chosen === null
      ? []
      : [{ index: chosen, colour: 'var(--ts-text-soft)', label: t('threshold.inUse'), dashed: true }]),
    { index: at, colour: 'var(--ts-accent)', label: t('threshold.tried'), dashed: false },
  ];
  return (
    <Figure
      title={title}
      table={{
        head: [t('threshold.threshold'), ...lines.map((line) => line.name)],
        rows: thresholds.map((threshold, index) => [
          threshold.toFixed(3),
          ...lines.map((line) => format(line.values[index] ?? 0)),
        ]),
      }}
    >
      <Legend
        entries={[
          ...(lines.length > 1 ? lines : []),
          ...marks.map((mark) => ({ name: mark.label, colour: mark.colour, dashed: mark.dashed })),
        ]}
      />
      <Plot height={height} label={title} margin={{ top: 8, bottom: 24 }}>
        {(area) => {
          const x = linear(UNIT, [area.left, area.right]);
          const y = linear(domain, [area.bottom, area.top]);
          const xOf = (index: number) => x(Math.min(1, Math.max(0, thresholds[index] ?? 0)));
          return (
            <>
              <LeftAxis area={area} domain={domain} format={format} />
              <BottomAxis area={area} domain={UNIT} format={(value) => formatNumber(value, 2)} />
              {lines.map((line) => (
                <polyline
                  key={line.name}
                  points={line.values.map((value, index) => `${xOf(index)},${y(value)}`).join(' ')}
                  fill="none"
                  stroke={line.colour}
                  strokeWidth={1.8}
                  strokeDasharray={line.dashed ? '5 4' : undefined}
                  strokeLinejoin="round"
                />
              ))}
              {marks.map((mark) => (
                <line
                  key={mark.label}
                  x1={xOf(mark.index)}
                  x2={xOf(mark.index)}
                  y1={area.top}
                  y2={area.bottom}
                  stroke={mark.colour}
                  strokeWidth={mark.dashed ? 1.2 : 1.6}
                  strokeDasharray={mark.dashed ? '3 3' : undefined}
                />
              ))}
              {lines.map((line) => (
                <circle key={line.name} cx={xOf(at)} cy={y(line.values[at] ?? 0)} r={4} fill={line.colour} />
              ))}
            </>
          );
        }}
      </Plot>
    </Figure>
  );
}

/** What a case costs at each threshold, and the two error rates beneath it, over one axis. */
export function ThresholdChart(props: Props) {
  const { t } = useTranslation('models');
  const { data } = props;
  const [, most] = extent(data.cost_per_case);
  return (
    <>
      <Lines
        {...props}
        title={t('threshold.cost')}
        lines={[{ name: t('threshold.cost'), values: data.cost_per_case, colour: 'var(--ts-accent)' }]}
        domain={[0, most > 0 ? most * 1.05 : 1]}
        format={(value) => formatNumber(value, 2)}
        height={180}
      />
      <Lines
        {...props}
        title={t('threshold.rates')}
        lines={[
          { name: t('meaning.missRate'), values: data.miss_rate, colour: CATEGORICAL[3] },
          { name: t('meaning.flagRate'), values: data.flag_rate, colour: CATEGORICAL[0], dashed: true },
        ]}
        domain={[0, 1]}
        format={(value) => formatPercent(value, 0)}
        height={150}
      />
    </>
  );
}
