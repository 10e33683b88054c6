import { Button, Group, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { formatNumber, formatPercent } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import { useSaid } from '@/shared/ui/said';
import { Verdict } from '@/shared/ui/Verdict';
import styles from '../models.module.css';
import {
  expectationsQuery,
  type ModelDetail,
  setThreshold,
  startGate,
  type Thresholds,
  thresholdsQuery,
} from '../queries';
import { ExpectationWords } from './Meaning';
import { ThresholdChart } from './ThresholdChart';

/** The place in an ascending list that is nearest to a value. */
export function nearest(values: readonly number[], value: number): number {
  let best = 0;
  values.forEach((one, index) => {
    if (Math.abs(one - value) < Math.abs((values[best] ?? 0) - value)) best = index;
  });
  return best;
}

interface Props {
  project: string;
  model: ModelDetail;
  classKey: string;
}

function Picker({ project, model, classKey, data }: Props & { data: Thresholds }) {
  const { t } = useTranslation('models');
  const tell = useSaid();
  const here = useProject();
  const client = useQueryClient();
  const label = useId();
  const chosen = data.chosen === null ? null : nearest(data.thresholds, data.chosen);
  const [value, setValue] = useState(data.chosen ?? Math.min(1, data.best_threshold));
  const at = nearest(data.thresholds, value);
  const threshold = Math.min(1, Math.max(0, data.thresholds[at] ?? value));
  const [settled] = useDebouncedValue(threshold, 250);
  const tried = useQuery({
    ...expectationsQuery(project, model.id, { threshold: settled, class: classKey }),
    placeholderData: keepPreviousData,
  });
  const save = useMutation({
    mutationFn: (next: number | null) => setThreshold(project, model.id, next),
    onSuccess: () => {
      for (const name of ['model', 'thresholds', 'expectations']) {
        void client.invalidateQueries({ queryKey: [name, project, model.id] });
      }
    },
  });
  // A model that answers, or answered, decides by what the gate has judged only.
  const isLive = model.stage !== 'candidate';
  const [key, renew] = useRequestKey();
  const judge = useMutation({
    mutationFn: (tried: number | null) =>
      startGate(project, model.id, { endpoint: '', threshold: tried }, key),
    onSettled: (_answer, error) => {
      renew(error);
      void client.invalidateQueries({ queryKey: ['model', project, model.id] });
      void client.invalidateQueries({ queryKey: ['jobs', project] });
    },
  });
  const isConcern = classKey === model.class_of_concern;
  const cost = data.cost_per_case[at] ?? 0;
  const cheapest = data.cost_per_case[data.best] ?? 0;
  return (
    <>
      <Text size="sm" mb="sm">
        {t('threshold.text', {
          name: data.concern.name,
          wrong: formatNumber(data.false_positive_cost),
          missed: formatNumber(data.false_negative_cost),
          share: formatPercent(data.positive_share),
        })}
      </Text>
      <ThresholdChart data={data} at={at} chosen={chosen} />
      <label id={label} htmlFor={`${label}-range`}>
        <Text size="sm" fw={500} mt="xs">
          {t('threshold.of', { value: threshold.toFixed(3), name: data.concern.name })}
        </Text>
      </label>
      <input
        id={`${label}-range`}
        className={styles.range}
        type="range"
        min={0}
        max={1}
        step={0.005}
        value={value}
        onChange={(event) => setValue(Number(event.currentTarget.value))}
        aria-valuetext={t('threshold.aria', {
          value: threshold.toFixed(3),
          missed: formatPercent(data.miss_rate[at] ?? 0),
          flagged: formatPercent(data.flag_rate[at] ?? 0),
        })}
      />
      <Text size="sm" mb="md" aria-live="polite">
        {t('threshold.here', {
          cost: formatNumber(cost),
          missed: formatPercent(data.miss_rate[at] ?? 0),
          flagged: formatPercent(data.flagged_share[at] ?? 0),
          precision:
            data.precision[at] == null ? t('threshold.nothing') : formatPercent(data.precision[at] ?? 0),
        })}{' '}
        {cost > cheapest && t('threshold.dearer', { more: formatNumber(cost - cheapest) })}
      </Text>
      {tried.data && <ExpectationWords found={tried.data} />}
      <FormProblem error={save.error ?? judge.error} />
      {isLive && isConcern && here.is('lead') && (
        <Text size="sm" c="dimmed" mt="sm">
          {t(judge.isSuccess ? 'threshold.judging' : 'threshold.live')}
        </Text>
      )}
      <Group mt="md" gap="xs">
        <Button variant="default" size="xs" onClick={() => setValue(Math.min(1, data.best_threshold))}>
          {t('threshold.toCheapest', { value: data.best_threshold.toFixed(3) })}
        </Button>
        {here.is('lead') && isConcern && (
          <>
            {isLive && (
              <Button
                size="xs"
                variant="default"
                loading={judge.isPending}
                disabled={at === chosen}
                onClick={() => judge.mutate(threshold)}
              >
                {t('threshold.judge', { value: threshold.toFixed(3) })}
              </Button>
            )}
            <Button
              size="xs"
              loading={save.isPending}
              disabled={at === chosen}
              onClick={() => save.mutate(threshold)}
            >
              {t('threshold.use', { value: threshold.toFixed(3) })}
            </Button>
            {chosen !== null && (
              <Button variant="default" size="xs" onClick={() => save.mutate(null)}>
                {t('threshold.clear')}
              </Button>
            )}
          </>
        )}
      </Group>
      <Text size="xs" c="dimmed" mt="sm">
        {[
          ...data.notes.map((note, at) => tell(data.notes_said[at], note)),
          !isConcern && t('threshold.notConcern'),
        ]
          .filter(Boolean)
          .join(' ')}
      </Text>
    </>
  );
}

/** Move the threshold and see at once what it costs, and a moment later what it means with intervals. */
export function ThresholdPicker(props: Props) {
  const { data, error, refetch } = useQuery(thresholdsQuery(props.project, props.model.id, props.classKey));
  if (error) {
    const { code, message } = asProblem(error);
    // These rows have no curve: an answer, and no failure.
    if (code === 'invalid-input') return <Verdict tone="unknown">{message}</Verdict>;
    return <ErrorState small error={error} onRetry={refetch} />;
  }
  if (!data) return <FigureSkeleton height={320} />;
  return <Picker {...props} data={data} />;
}
