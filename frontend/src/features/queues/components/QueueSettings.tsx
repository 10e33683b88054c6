import { Button, Group, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isRunning } from '@/api/jobs';
import { asProblem } from '@/api/problem';
import { useJob } from '@/shared/hooks/useJob';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { FormProblem } from '@/shared/ui/FormProblem';
import { JobProgress } from '@/shared/ui/JobProgress';
import { Section } from '@/shared/ui/Section';
import { changeQueue, fillQueue, type Kind, type Queue, type Selection } from '../queries';
import { QueueFields, type QueueValues } from './QueueFields';
import { SelectionFields, said } from './SelectionFields';

function valuesOf(queue: Queue): QueueValues {
  return {
    name: queue.name,
    kinds: queue.kinds as Kind[],
    skills: queue.skills,
    redundancy: queue.redundancy,
    gold_share: queue.gold_share,
    auto_submit: queue.auto_submit,
    instructions: queue.instructions,
    skip_to: queue.skip_to,
    stop_at: queue.stop_at,
    stop_min: queue.stop_min,
    gold_misses: queue.gold_misses,
    day_limit: queue.day_limit,
    person_limit: queue.person_limit,
    share_limit: queue.share_limit,
  };
}

/** Only what was changed is sent. */
export function changesOf(queue: Queue, values: QueueValues): Partial<Queue> {
  const before = valuesOf(queue);
  const keys = [
    ...(['name', 'kinds', 'gold_share', 'auto_submit', 'skip_to', 'stop_at'] as const),
    ...(['stop_min', 'gold_misses', 'day_limit', 'person_limit', 'share_limit'] as const),
  ];
  return Object.fromEntries(
    keys
      .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(values[key]))
      .map((key) => [key, values[key]]),
  );
}

/** What may change while people work. */
export function QueueSettings({ project, queue }: { project: string; queue: Queue }) {
  const { t } = useTranslation('queues');
  const client = useQueryClient();
  // As it was when the form began: what others set meanwhile is not a change of this person's.
  const [before, setBefore] = useState(queue);
  const [values, setValues] = useState(() => valuesOf(queue));
  const changes = changesOf(before, values);
  const save = useMutation({
    mutationFn: () => changeQueue(project, queue.id, changes),
    onSuccess: (saved) => {
      setBefore(saved);
      setValues(valuesOf(saved));
      client.setQueryData(['queue', project, queue.id], saved);
      void client.invalidateQueries({ queryKey: ['queues', project] });
    },
  });
  const errors = save.error ? asProblem(save.error).fieldErrors : {};
  return (
    <Section title={t('settings.title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="sm" maw={760}>
          <QueueFields
            existing
            counted={queue.not_counted === null}
            value={values}
            errors={errors}
            onChange={(change) => setValues((before) => ({ ...before, ...change }))}
          />
          <FormProblem error={save.error} />
          <Group>
            <Button type="submit" loading={save.isPending} disabled={Object.keys(changes).length === 0}>
              {t('ui.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

/** More items for a queue that exists. */
export function AddItems({ project, queue }: { project: string; queue: Queue }) {
  const { t } = useTranslation('queues');
  const client = useQueryClient();
  const [selection, setSelection] = useState<Selection>({});
  const [job, setJob] = useState<string | null>(null);
  const [key, renew] = useRequestKey();
  const followed = useJob(project, job, [
    ['queue', project, queue.id],
    ['queues', project],
    ['my-work', project],
  ]);
  const fill = useMutation({
    mutationFn: () => fillQueue(project, queue.id, said(selection), key),
    onSuccess: (answer) => setJob(answer.job),
    onSettled: (_answer, error) => {
      renew(error);
      void client.invalidateQueries({ queryKey: ['jobs', project] });
    },
  });
  return (
    <Section title={t('add.title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          fill.mutate();
        }}
      >
        <Stack gap="sm" maw={760}>
          <SelectionFields project={project} value={selection} onChange={setSelection} />
          <FormProblem error={fill.error} />
          {followed && <JobProgress job={followed} />}
          <Group>
            <Button
              type="submit"
              variant="default"
              loading={fill.isPending || (followed !== null && isRunning(followed))}
            >
              {t('add.button')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
