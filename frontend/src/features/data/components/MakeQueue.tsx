import { Button, Group, Modal, NumberInput, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useJob } from '@/shared/hooks/useJob';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { QuestionSelect } from '@/shared/questions/QuestionSelect';
import { type QuestionInUse, useQuestionHere } from '@/shared/questions/useQuestionHere';
import { FormProblem } from '@/shared/ui/FormProblem';
import { JobProgress } from '@/shared/ui/JobProgress';
import { createQueue } from '../queries';

interface Props {
  project: string;
  count: number;
  selection: Record<string, unknown>;
  onClose: () => void;
}

/** Work for people out of the chosen items. */
export function MakeQueue({ project, count, selection, onClose }: Props) {
  const { t } = useTranslation('data');
  const client = useQueryClient();
  const { questions, question: here } = useQuestionHere(project);
  const [key, renew] = useRequestKey();
  const [name, setName] = useState('');
  const [asked, setAsked] = useState<QuestionInUse>();
  const [redundancy, setRedundancy] = useState<number | string>(3);
  const [sample, setSample] = useState<number | string>('');
  const [instructions, setInstructions] = useState('');
  const question = asked ?? here;
  const make = useMutation({
    mutationFn: () =>
      createQueue(
        project,
        {
          name,
          schema: question?.schema ?? '',
          question: question?.question ?? '',
          purpose: 'labeling',
          redundancy: Number(redundancy) || 1,
          instructions,
          selection: sample === '' ? selection : { ...selection, sample: Number(sample) },
        },
        key,
      ),
    onError: renew,
    onSuccess: () => {
      for (const queryKey of [
        ['queues', project],
        ['jobs', project],
      ]) {
        void client.invalidateQueries({ queryKey });
      }
    },
  });
  const job = useJob(project, make.data?.job, [['queues', project]]);
  if (make.data) {
    return (
      <Modal opened onClose={onClose} title={t('queue.made', { name: make.data.queue.name })}>
        <Stack gap="sm">
          {job && <JobProgress job={job} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('ui.close')}
            </Button>
            <Button
              component={Link}
              to="/p/$project/label/$queue/overview"
              params={{ project, queue: make.data.queue.id } as never}
            >
              {t('queue.open')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    );
  }
  return (
    <Modal opened onClose={onClose} title={t('queue.title', { count })}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <Stack gap="sm">
          {!question && <Text c="dimmed">{t('queue.noSchema')}</Text>}
          <TextInput
            label={t('queue.name')}
            value={name}
            maxLength={120}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            data-autofocus
          />
          <QuestionSelect
            label={t('queue.question')}
            questions={questions}
            value={question}
            onChange={setAsked}
          />
          <Group grow align="flex-start">
            <NumberInput
              label={t('queue.redundancy')}
              description={t('queue.redundancyHelp')}
              min={1}
              max={100}
              allowDecimal={false}
              value={redundancy}
              onChange={setRedundancy}
            />
            <NumberInput
              label={t('queue.sample')}
              description={t('queue.sampleHelp')}
              placeholder={t('queue.sampleAll')}
              min={1}
              max={count}
              allowDecimal={false}
              value={sample}
              onChange={setSample}
            />
          </Group>
          <Textarea
            label={t('queue.instructions')}
            description={t('queue.instructionsHelp')}
            autosize
            minRows={3}
            maxRows={10}
            value={instructions}
            onChange={(event) => setInstructions(event.currentTarget.value)}
          />
          <FormProblem error={make.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('ui.cancel')}
            </Button>
            <Button type="submit" loading={make.isPending} disabled={!question || name.trim() === ''}>
              {t('queue.make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
