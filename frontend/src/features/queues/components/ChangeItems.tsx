import { Button, Group, NumberInput, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isRunning } from '@/api/jobs';
import { useJob } from '@/shared/hooks/useJob';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { ConfirmButton } from '@/shared/ui/ConfirmButton';
import { FormProblem } from '@/shared/ui/FormProblem';
import { JobProgress } from '@/shared/ui/JobProgress';
import { Section } from '@/shared/ui/Section';
import { prioritise, type Queue, reopen, type Selection } from '../queries';
import { SelectionFields, said } from './SelectionFields';

/** Many items that the queue has already: which come first, and which are asked about anew. */
export function ChangeItems({ project, queue }: { project: string; queue: Queue }) {
  const { t } = useTranslation('queues');
  const client = useQueryClient();
  const canReopen = queue.purpose === 'labeling';
  const [what, setWhat] = useState<'priority' | 'reopen'>('priority');
  const [selection, setSelection] = useState<Selection>({});
  const [priority, setPriority] = useState(1);
  const [reason, setReason] = useState('');
  const [job, setJob] = useState<string | null>(null);
  const [key, renew] = useRequestKey();
  const followed = useJob(project, job, [
    ['queue', project, queue.id],
    ['queues', project],
    ['my-work', project],
    ['review', project],
  ]);
  const change = useMutation({
    mutationFn: () =>
      what === 'priority'
        ? prioritise(project, queue.id, said(selection), priority, key)
        : reopen(project, queue.id, said(selection), reason, key),
    onSuccess: (answer) => setJob(answer.job),
    onSettled: (_answer, error) => {
      renew(error);
      void client.invalidateQueries({ queryKey: ['jobs', project] });
    },
  });
  const busy = change.isPending || (followed !== null && isRunning(followed));
  return (
    <Section title={t('change.title')}>
      <Stack gap="sm" maw={760}>
        {canReopen && (
          <SegmentedControl
            aria-label={t('change.title')}
            data={(['priority', 'reopen'] as const).map((one) => ({ value: one, label: t(`change.${one}`) }))}
            value={what}
            onChange={(chosen) => setWhat(chosen as 'priority' | 'reopen')}
          />
        )}
        <Text size="sm" c="dimmed">
          {t(`change.${what}Text`)}
        </Text>
        <SelectionFields whole project={project} value={selection} onChange={setSelection} />
        {what === 'priority' ? (
          <NumberInput
            label={t('change.value')}
            description={t('change.valueHelp')}
            min={-1_000_000}
            max={1_000_000}
            decimalScale={2}
            value={priority}
            onChange={(given) => setPriority(Number(given) || 0)}
            maw={260}
          />
        ) : (
          <TextInput
            label={t('change.reason')}
            description={t('change.reasonHelp')}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
        <FormProblem error={change.error} />
        {followed && <JobProgress job={followed} />}
        <Group>
          {what === 'priority' ? (
            <Button variant="default" loading={busy} onClick={() => change.mutate()}>
              {t('change.setPriority')}
            </Button>
          ) : (
            <ConfirmButton
              loading={busy}
              disabled={reason.trim() === ''}
              question={{
                title: t('change.sure'),
                text: t('change.sureText'),
                verb: t('change.openAgain'),
              }}
              onConfirm={() => change.mutate()}
            >
              {t('change.openAgain')}
            </ConfirmButton>
          )}
        </Group>
      </Stack>
    </Section>
  );
}
