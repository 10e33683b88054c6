import { Button, Group, Stack, Table, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isRunning } from '@/api/jobs';
import { formatDateTime } from '@/shared/format';
import { useJob } from '@/shared/hooks/useJob';
import { useProject } from '@/shared/hooks/useProject';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { FormProblem } from '@/shared/ui/FormProblem';
import { JobProgress } from '@/shared/ui/JobProgress';
import { Section } from '@/shared/ui/Section';
import { Light, Verdict } from '@/shared/ui/Verdict';
import { lookAtTest, type ModelDetail, type TestLook } from '../queries';

/** As many characters as the server wants of a reason for a further look. */
const SHORTEST_REASON = 15;

function Ledger({ looks }: { looks: readonly TestLook[] }) {
  const { t } = useTranslation('models');
  return (
    <Table.ScrollContainer minWidth={520}>
      <Table aria-label={t('test.ledger')} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            {(['number', 'model', 'by', 'when', 'reason', 'state'] as const).map((key) => (
              <Table.Th key={key} scope="col">
                {t(`test.${key}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {looks.map((look) => (
            <Table.Tr key={look.number}>
              <Table.Td className="tabular">{look.number}</Table.Td>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>{look.model_name}</Table.Td>
              <Table.Td>{look.by ?? t('redo.unknown')}</Table.Td>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>{formatDateTime(look.created_at)}</Table.Td>
              <Table.Td>{look.reason || t('test.first')}</Table.Td>
              <Table.Td>
                <Light
                  tone={
                    look.job?.state === 'succeeded'
                      ? 'good'
                      : look.job?.state === 'failed'
                        ? 'bad'
                        : 'unknown'
                  }
                >
                  {t(`jobs.state.${look.job?.state ?? 'queued'}`)}
                </Light>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/**
 * The sealed split: each look is a row for ever, and every one after the first wants a written reason. Looks are the
 * split's, whichever line or version of the same data took them.
 */
export function SealedTest({ project, model }: { project: string; model: ModelDetail }) {
  const { t } = useTranslation('models');
  const here = useProject();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const [key, renew] = useRequestKey();
  const { looks } = model.test_split;
  const mine = looks.findLast((look) => look.model === model.id);
  const running = looks.find((look) => look.job && isRunning(look.job))?.job;
  const followed = useJob(project, running?.id == null ? null : String(running.id), [
    ['looks', project],
    ['model', project, model.id],
    ['expectations', project, model.id],
  ]);
  const look = useMutation({
    mutationFn: () => lookAtTest(project, model.id, reason.trim(), key),
    onError: renew,
    onSuccess: () => {
      setReason('');
      renew();
      void client.invalidateQueries({ queryKey: ['looks', project] });
      void client.invalidateQueries({ queryKey: ['model', project, model.id] });
      void client.invalidateQueries({ queryKey: ['jobs', project] });
    },
  });
  const again = looks.length > 0;
  const short = again && reason.trim().length < SHORTEST_REASON;
  const job = followed ?? running;
  return (
    <Section title={t('test.title')}>
      <Verdict tone={again ? (looks.length > 1 ? 'warning' : 'good') : 'unknown'}>
        {again
          ? [
              t('test.looked', { count: looks.length }),
              mine
                ? t('test.mine', { name: model.name, number: mine.number, count: looks.length })
                : t('test.notMine', { name: model.name }),
            ].join(' ')
          : t('test.sealed')}
      </Verdict>
      {job && isRunning(job) && <JobProgress job={job} />}
      {again && <Ledger looks={looks} />}
      {here.is('lead') && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            look.mutate();
          }}
        >
          <Stack gap="xs" mt="md" maw={640}>
            <Text size="sm" c="dimmed">
              {t(again ? 'test.againText' : 'test.firstText')}
            </Text>
            {again && (
              <Textarea
                label={t('test.why')}
                description={t('test.whyHelp', { count: SHORTEST_REASON })}
                value={reason}
                onChange={(event) => setReason(event.currentTarget.value)}
                autosize
                minRows={2}
                required
              />
            )}
            <FormProblem error={look.error} />
            <Group>
              <Button
                type="submit"
                variant={again ? 'default' : 'filled'}
                loading={look.isPending}
                disabled={short || running !== undefined}
              >
                {t(again ? 'test.lookAgain' : 'test.look')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Section>
  );
}
