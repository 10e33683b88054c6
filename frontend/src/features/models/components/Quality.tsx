import { Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Confusion } from '@/charts/Confusion';
import { Curve } from '@/charts/Curve';
import { formatPercent } from '@/shared/format';
import { useServerWords } from '@/shared/hooks/useServerWords';
import { EmptyState } from '@/shared/ui/EmptyState';
import { EstimateBar } from '@/shared/ui/EstimateBar';
import { Section } from '@/shared/ui/Section';
import { useSaid } from '@/shared/ui/said';
import { Verdict } from '@/shared/ui/Verdict';
import type { Metrics, ModelDetail } from '../queries';
import { isVerdict, VERDICT_TONE } from '../words';
import { ClassScores } from './ClassScores';
import { type MetricsColumn, MetricsTable } from './MetricsTable';

/** Of the answers given with a certainty, how many are right? */
function Calibration({ metrics }: { metrics: Metrics }) {
  const { t } = useTranslation('models');
  const bins = metrics.calibration.filter((bin) => bin.confidence !== null && bin.right.value !== null);
  if (bins.length === 0) return <Text c="dimmed">{t('calibration.none')}</Text>;
  const points = bins.map((bin) => [bin.confidence ?? 0, bin.right.value ?? 0] as const);
  const band = bins
    .filter((bin) => bin.right.low !== null && bin.right.high !== null)
    .map((bin) => [bin.confidence ?? 0, bin.right.low ?? 0, bin.right.high ?? 1] as const);
  const percent = (value: number) => formatPercent(value, 0);
  return (
    <div style={{ maxWidth: 560 }}>
      <Curve
        title={t('calibration.chart')}
        caption={t('calibration.caption')}
        series={[
          { name: t('calibration.model'), points, band },
          {
            name: t('calibration.perfect'),
            points: [
              [0, 0],
              [1, 1],
            ],
            dashed: true,
            colour: 'var(--ts-unknown)',
          },
        ]}
        xLabel={t('calibration.said')}
        yLabel={t('calibration.right')}
        xDomain={[0, 1]}
        yDomain={[0, 1]}
        formatX={percent}
        formatY={percent}
      />
      <Text size="sm" component="div" mt="xs">
        {t('metric.ece')} <EstimateBar {...metrics.scores.ece} label={t('metric.ece')} />
      </Text>
    </div>
  );
}

/** The latest evaluation of each split, beside what people reach. */
export function Quality({ model }: { model: ModelDetail }) {
  const { t } = useTranslation('models');
  const say = useServerWords('models');
  const tell = useSaid();
  const navigate = useNavigate();
  const names = useMemo(() => new Map(model.classes.map((one) => [one.key, one.name])), [model.classes]);
  const latest = (split: 'validation' | 'test') => model.evaluations.find((one) => one.split === split);
  const judged = [latest('validation'), latest('test')].filter((one) => one !== undefined);
  const shown = judged[0];
  if (!shown) return <EmptyState drawing="chart" title={t('quality.empty')} text={t('quality.emptyText')} />;
  const columns: MetricsColumn[] = [
    ...judged.map((one) => ({
      key: one.split,
      name: t(`split.${one.split}`),
      note: t('metrics.rows', { count: one.rows }),
      scores: one.metrics.scores,
    })),
    ...(model.human_ceiling.accuracy.value !== null
      ? [
          {
            key: 'people',
            name: t('metrics.people'),
            note: t('metrics.peopleNote', { count: model.human_ceiling.n_annotators }),
            scores: { accuracy: model.human_ceiling.accuracy },
          },
        ]
      : []),
  ];
  const { metrics } = shown;
  const pick = (truth: number, predicted: number) => {
    const keys = [metrics.classes[truth]?.key, metrics.classes[predicted]?.key];
    void navigate({
      to: '.',
      search: { tab: 'failures', truth: keys[0], predicted: keys[1] } as never,
    });
  };
  return (
    <>
      <Section title={t('run.quality')}>
        {model.baseline && isVerdict(model.baseline.verdict) && (
          <Verdict tone={VERDICT_TONE[model.baseline.verdict]}>
            {tell(model.baseline.said, model.baseline.sentence)}
          </Verdict>
        )}
        {judged.map((one) => {
          const sentence = one.warning || one.comparison.sentence;
          return (
            sentence && (
              <Verdict key={one.split} tone={one.warning || one.comparison.warn ? 'warning' : 'good'}>
                {tell(one.comparison.said, sentence)}
              </Verdict>
            )
          );
        })}
        <MetricsTable label={t('run.quality')} columns={columns} main={model.metric} />
        <Text size="xs" c="dimmed">
          {model.human_ceiling.accuracy.value === null
            ? say('metrics.noCeiling', {}, model.human_ceiling.sentence)
            : tell(model.human_ceiling.said, model.human_ceiling.sentence)}
        </Text>
      </Section>
      <Section title={t('calibration.title')}>
        <Calibration metrics={metrics} />
      </Section>
      <Section title={t('run.confusion')}>
        <Stack gap="lg">
          {metrics.confusion && (
            <Confusion
              title={t('run.confusionOf', { split: t(`split.${shown.split}`) })}
              caption={t('run.confusionPick')}
              classes={metrics.classes.map((one) => names.get(one.key) ?? one.key)}
              matrix={metrics.confusion}
              onPick={pick}
            />
          )}
          <ClassScores metrics={metrics} names={names} />
        </Stack>
      </Section>
    </>
  );
}
