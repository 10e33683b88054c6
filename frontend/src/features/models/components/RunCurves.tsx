import { Select, SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Curve, type CurveSeries } from '@/charts/Curve';
import { formatPercent } from '@/shared/format';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import { useSaid } from '@/shared/ui/said';
import type { Tone } from '@/shared/ui/tone';
import { Verdict } from '@/shared/ui/Verdict';
import { type Curves, curvesQuery } from '../queries';
import { metricUnit } from '../words';

type Point = Curves['points'][number];

const FITTING: Record<string, Tone> = {
  overfitting: 'warning',
  still_learning: 'warning',
  stalled: 'good',
  too_early: 'unknown',
};

function line(name: string, points: readonly Point[], value: (point: Point) => number | null | undefined) {
  const known = points.flatMap((point) => {
    const y = value(point);
    return y == null ? [] : [[point.epoch, y] as const];
  });
  return { name, points: known } satisfies CurveSeries;
}

/** Training against validation, epoch by epoch, with the place where they part. */
export function RunCurves({ project, id, live }: { project: string; id: string; live: boolean }) {
  const { t } = useTranslation('models');
  const tell = useSaid();
  const { data, error, refetch } = useQuery(curvesQuery(project, id, live));
  const folds = [...new Set(data?.points.map((point) => point.fold ?? 0))].sort((a, b) => a - b);
  const [asked, setFold] = useUrlState('fold', '');
  const fold = folds.find((one) => String(one) === asked) ?? folds[0];
  if (error) return <ErrorState small error={error} onRetry={refetch} />;
  if (!data) return <FigureSkeleton />;
  if (data.points.length === 0) return <Text c="dimmed">{t(live ? 'run.noCurvesYet' : 'run.noCurves')}</Text>;
  const points = data.points.filter((point) => (point.fold ?? 0) === fold);
  const { overfitting } = data;
  const from = overfitting?.from_epoch;
  const mark = from == null ? null : { x: from, label: t('chart.overfits', { epoch: from }) };
  const names = [t('chart.training'), t('chart.validation')] as const;
  const percent = metricUnit(data.metric) === 'percent';
  return (
    <>
      {overfitting && (
        <Verdict tone={FITTING[overfitting.state] ?? 'unknown'}>
          {tell(overfitting.said, overfitting.sentence)}
        </Verdict>
      )}
      {folds.length > 1 && (
        <Select
          size="xs"
          w={140}
          mb="xs"
          aria-label={t('run.fold')}
          data={folds.map((one) => ({ value: String(one), label: t('run.foldN', { n: one }) }))}
          value={String(fold)}
          allowDeselect={false}
          onChange={(value) => setFold(value ?? '')}
        />
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Curve
          title={t('run.loss')}
          caption={t('run.lossCaption')}
          series={[
            line(names[0], points, (point) => point.train_loss),
            line(names[1], points, (point) => point.validation_loss),
          ]}
          mark={mark}
          xLabel={t('chart.epoch')}
        />
        <Curve
          title={t(`metric.${data.metric}`)}
          series={[
            line(names[0], points, (point) => point.train_metric),
            line(names[1], points, (point) => point.validation_metric),
          ]}
          mark={mark}
          xLabel={t('chart.epoch')}
          {...(percent ? { formatY: (y: number) => formatPercent(y, 0) } : {})}
        />
      </SimpleGrid>
    </>
  );
}
