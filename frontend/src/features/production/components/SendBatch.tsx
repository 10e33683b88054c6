import { Button, Group, Paper, Select, SimpleGrid, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProject } from '@/shared/hooks/useProject';
import { FormProblem } from '@/shared/ui/FormProblem';
import { type Batch, queuesQuery, sendToAudit, sendToQueue } from '../queries';

/** The two ways on: people judge the model on them, or people label them so that the next model learns. */
export function SendBatch({ batch }: { batch: Batch }) {
  const { t } = useTranslation('production');
  const { slug } = useProject();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [queue, setQueue] = useState<string | null>(null);
  const queues = useQuery({ ...queuesQuery(slug), enabled: !batch.queue });
  const open = (queues.data?.results ?? []).filter(
    (one) => one.purpose === 'labeling' && one.state === 'open',
  );
  const target = queue ?? open[0]?.id ?? null;
  const stale = () => {
    for (const noun of ['hard-samples', 'audits', 'queues', 'queue', 'my-work', 'home']) {
      void client.invalidateQueries({ queryKey: [noun, slug] });
    }
  };
  const toAudit = useMutation({
    mutationFn: () => sendToAudit(slug, batch.id),
    onSuccess: (audit) => {
      stale();
      void navigate({ to: '/p/$project/production/audits/$id', params: { project: slug, id: audit.id } });
    },
  });
  const toQueue = useMutation({
    mutationFn: (id: string) => sendToQueue(slug, batch.id, id),
    onSuccess: stale,
  });
  if (batch.audit && batch.queue) return null;
  return (
    <SimpleGrid cols={{ base: 1, sm: batch.audit || batch.queue ? 1 : 2 }} spacing="sm">
      {!batch.queue && (
        <Paper withBorder p="sm">
          <Text size="sm" mb="xs">
            {t('send.queueText')}
          </Text>
          {queues.data && open.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('send.noQueue')}
            </Text>
          ) : (
            <Group gap="xs">
              <Select
                aria-label={t('send.queue')}
                data={open.map((one) => ({ value: one.id, label: one.name }))}
                value={target}
                allowDeselect={false}
                onChange={setQueue}
                style={{ flex: 1, minWidth: 160 }}
              />
              <Button
                loading={toQueue.isPending}
                disabled={target === null}
                onClick={() => target && toQueue.mutate(target)}
              >
                {t('send.toQueue')}
              </Button>
            </Group>
          )}
          <FormProblem error={toQueue.error} />
        </Paper>
      )}
      {!batch.audit && (
        <Paper withBorder p="sm">
          <Text size="sm" mb="xs">
            {t('send.auditText')}
          </Text>
          <Button variant="default" loading={toAudit.isPending} onClick={() => toAudit.mutate()}>
            {t('send.toAudit')}
          </Button>
          <FormProblem error={toAudit.error} />
        </Paper>
      )}
    </SimpleGrid>
  );
}
