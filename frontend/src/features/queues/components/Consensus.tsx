import { Button, Group, Radio, Select, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isRunning } from '@/api/jobs';
import { formatAgo, formatCount, formatPercent } from '@/shared/format';
import { useJob } from '@/shared/hooks/useJob';
import { useProject } from '@/shared/hooks/useProject';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { ConfirmButton } from '@/shared/ui/ConfirmButton';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { JobProgress } from '@/shared/ui/JobProgress';
import { Section } from '@/shared/ui/Section';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import { Verdict } from '@/shared/ui/Verdict';
import {
  acceptConsensus,
  type Consensus as ConsensusState,
  consensusQuery,
  type Queue,
  startConsensus,
} from '../queries';

const METHODS = ['dawid_skene', 'majority'] as const;

function useStale(project: string, id: string) {
  return [
    ['queue', project, id],
    ['queues', project],
    ['review', project],
    ['people', project],
    ['jobs', project],
  ];
}

function Accept({ project, id, state }: { project: string; id: string; state: ConsensusState }) {
  const { t } = useTranslation('queues');
  const client = useQueryClient();
  const here = useProject();
  const [threshold, setThreshold] = useState('0.9');
  const [job, setJob] = useState<string | null>(null);
  const [key, renew] = useRequestKey();
  const followed = useJob(project, job, useStale(project, id));
  const accept = useMutation({
    mutationFn: () => acceptConsensus(project, id, Number(threshold), key),
    onSuccess: (answer) => setJob(answer.job),
    onSettled: (_answer, error) => {
      renew(error);
      void client.invalidateQueries({ queryKey: ['jobs', project] });
    },
  });
  const chosen = state.preview.find((row) => String(row.threshold) === threshold);
  const busy = followed !== null && isRunning(followed);
  return (
    <Radio.Group
      value={threshold}
      onChange={setThreshold}
      label={t('accept.title')}
      description={t('accept.text')}
    >
      <Table.ScrollContainer minWidth={420}>
        <Table verticalSpacing={6} mt="xs" maw={640}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('accept.threshold')}</Table.Th>
              {(['accepted', 'review', 'waiting'] as const).map((name) => (
                <Table.Th key={name} scope="col" ta="right">
                  {t(`accept.${name}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {state.preview.map((row) => (
              <Table.Tr key={row.threshold}>
                <Table.Td>
                  <Radio value={String(row.threshold)} label={formatPercent(row.threshold, 0)} size="sm" />
                </Table.Td>
                {(['accepted', 'review', 'waiting'] as const).map((name) => (
                  <Table.Td key={name} ta="right" className="tabular">
                    {formatCount(row[name])}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Stack gap="xs" mt="xs">
        <FormProblem error={accept.error} />
        {followed && <JobProgress job={followed} />}
        {state.preview.every((row) => row.accepted === 0) && (
          <Text size="sm" c="dimmed">
            {t('accept.nothing')}
          </Text>
        )}
        {here.is('lead') && chosen && chosen.accepted + chosen.review > 0 && (
          <Group>
            <ConfirmButton
              variant={chosen.accepted > 0 ? 'filled' : 'default'}
              loading={accept.isPending || busy}
              question={{
                title: t('accept.sure'),
                text: t('accept.sureText', {
                  accepted: formatCount(chosen.accepted),
                  review: formatCount(chosen.review),
                }),
                verb: t('accept.verb'),
              }}
              onConfirm={() => accept.mutate()}
            >
              {t('accept.button', { threshold: formatPercent(chosen.threshold, 0) })}
            </ConfirmButton>
          </Group>
        )}
      </Stack>
    </Radio.Group>
  );
}

/** What the answers say together: compute it, and make labels of what is sure enough. */
export function Consensus({ project, queue }: { project: string; queue: Queue }) {
  const { t } = useTranslation('queues');
  const here = useProject();
  const client = useQueryClient();
  const { id } = queue;
  const { data, error, refetch } = useQuery(consensusQuery(project, id));
  // Where nobody answers what somebody else has answered, nothing is learned about whom to believe.
  const [method, setMethod] = useState(queue.redundancy > 1 ? 'dawid_skene' : 'majority');
  const [started, setStarted] = useState<string | null>(null);
  const [key, renew] = useRequestKey();
  const job = useJob(project, data?.running_job ?? started, useStale(project, id));
  const start = useMutation({
    mutationFn: () => startConsensus(project, id, method, key),
    onSuccess: (answer) => setStarted(answer.job),
    onSettled: (_answer, error) => {
      renew(error);
      void client.invalidateQueries({ queryKey: ['jobs', project] });
    },
  });
  if (error) return <ErrorState small error={error} onRetry={refetch} />;
  if (!data) return <FigureSkeleton height={220} />;
  const busy = job !== null && isRunning(job);
  return (
    <Section
      title={t('consensus.title')}
      actions={
        here.is('lead') && (
          <>
            <Select
              size="xs"
              aria-label={t('consensus.method')}
              data={METHODS.map((one) => ({ value: one, label: t(`method.${one}`) }))}
              value={method}
              allowDeselect={false}
              onChange={(value) => setMethod(value ?? method)}
            />
            <Button size="xs" loading={start.isPending || busy} onClick={() => start.mutate()}>
              {t(data.run ? 'consensus.again' : 'consensus.run')}
            </Button>
          </>
        )
      }
    >
      <FormProblem error={start.error} />
      {busy && <JobProgress job={job} />}
      {!busy && job?.state === 'failed' && <JobProgress job={job} />}
      {data.run ? (
        <Stack gap="md">
          <div style={{ marginBottom: -12 }}>
            <Verdict
              tone={queue.n_open_cases > 0 ? 'warning' : 'good'}
              action={
                queue.n_open_cases > 0 &&
                here.is('lead', 'reviewer') && (
                  <Button
                    component={Link}
                    to="/p/$project/review"
                    params={{ project } as never}
                    search={{ queue: id } as never}
                    size="xs"
                    variant="default"
                  >
                    {t('consensus.toReview')}
                  </Button>
                )
              }
            >
              {t('consensus.accepted', { count: data.n_accepted, n: formatCount(data.n_accepted) })}{' '}
              {t('consensus.disputed', { count: queue.n_open_cases, n: formatCount(queue.n_open_cases) })}
            </Verdict>
          </div>
          <Text size="sm" c="dimmed">
            {[
              t('consensus.basis', {
                method: t(`method.${data.method}`, { defaultValue: data.method ?? '' }),
                answers: formatCount(data.n_answers),
                items: formatCount(data.n_items),
                when: data.computed_at ? formatAgo(data.computed_at) : '',
              }),
              data.strength_reason,
            ]
              .filter(Boolean)
              .join(' ')}
          </Text>
          <Accept project={project} id={id} state={data} />
        </Stack>
      ) : (
        !busy && <Text c="dimmed">{t('consensus.none')}</Text>
      )}
    </Section>
  );
}
