import { Button, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatCount } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { DataTable } from '@/shared/ui/DataTable';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { Section } from '@/shared/ui/Section';
import { TableSkeleton } from '@/shared/ui/Skeletons';
import { Light } from '@/shared/ui/Verdict';
import { type Batch, batchesQuery } from '../queries';
import { BatchDetail } from './BatchDetail';
import { MineForm } from './MineForm';

const RUNS = new Set(['queued', 'running']);

function Fate({ batch }: { batch: Batch }) {
  const { t } = useTranslation('production');
  if (batch.job && RUNS.has(batch.job.state)) return <Light tone="unknown">{t('hard.searching')}</Light>;
  if (batch.job?.state === 'failed') return <Light tone="bad">{t('hard.failed')}</Light>;
  if (!batch.summary?.chosen) return <Light tone="unknown">{t('hard.nothing')}</Light>;
  if (batch.audit && batch.queue) return <Light tone="good">{t('hard.both')}</Light>;
  if (batch.audit) return <Light tone="good">{t('hard.inAudit')}</Light>;
  if (batch.queue) return <Light tone="good">{t('hard.inQueue')}</Light>;
  return <Light tone="warning">{t('hard.waiting')}</Light>;
}

/** What the model finds hard: found by a job, looked at, and sent to people. */
export function HardSamples({ endpoint }: { endpoint: string }) {
  const { t } = useTranslation('production');
  const project = useProject();
  const { data, error, refetch, isPending } = useQuery(batchesQuery(project.slug));
  const [wanted, setWanted] = useUrlState('batch', '');
  const [mines, setMines] = useState(false);
  const batches = data?.results.filter((one) => one.endpoint === endpoint) ?? [];
  const chosen = batches.find((one) => one.id === wanted) ?? batches[0];
  const button = project.is('lead') && <Button onClick={() => setMines(true)}>{t('hard.mine')}</Button>;
  return (
    <>
      <Section title={t('hard.title')} actions={batches.length > 0 && button}>
        {isPending && <TableSkeleton rows={3} />}
        {error && !data && <ErrorState error={error} small onRetry={refetch} />}
        {data && batches.length === 0 && (
          <EmptyState
            drawing="pictures"
            title={t('hard.empty')}
            text={t('hard.emptyText')}
            action={button || undefined}
          />
        )}
        {batches.length > 0 && (
          <DataTable
            label={t('hard.title')}
            maxHeight={240}
            rows={batches}
            rowKey={(one) => one.id}
            onOpen={(one) => setWanted(one.id)}
            columns={[
              {
                key: 'when',
                header: t('hard.found'),
                render: (one) =>
                  one.id === chosen?.id ? (
                    <strong>{formatAgo(one.created_at)}</strong>
                  ) : (
                    formatAgo(one.created_at)
                  ),
                sortBy: (one) => one.created_at,
              },
              {
                key: 'chosen',
                header: t('hard.chosen'),
                render: (one) =>
                  one.summary
                    ? t('hard.chosenOf', {
                        chosen: formatCount(one.summary.chosen),
                        candidates: formatCount(one.summary.candidates),
                      })
                    : '',
                sortBy: (one) => one.summary?.chosen ?? null,
                align: 'right',
              },
              {
                key: 'reasons',
                header: t('hard.reasons'),
                render: (one) =>
                  Object.entries(one.summary?.by_reason ?? {})
                    .filter(([, n]) => n > 0)
                    .map(([reason, n]) => `${t(`hard.reason.${reason}`)} ${formatCount(n)}`)
                    .join(' · '),
              },
              { key: 'model', header: t('hard.model'), render: (one) => one.model.name },
              { key: 'fate', header: t('hard.fate'), render: (one) => <Fate batch={one} /> },
            ]}
          />
        )}
      </Section>
      {chosen && <BatchDetail key={chosen.id} batch={chosen} />}
      <Modal opened={mines} onClose={() => setMines(false)} title={t('hard.mine')}>
        <MineForm
          endpoint={endpoint}
          onStarted={(id) => {
            setMines(false);
            setWanted(id);
          }}
        />
      </Modal>
    </>
  );
}
