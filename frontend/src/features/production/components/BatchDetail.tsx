import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDate, formatPercent } from '@/shared/format';
import { useJob } from '@/shared/hooks/useJob';
import { useProject } from '@/shared/hooks/useProject';
import { ErrorState } from '@/shared/ui/ErrorState';
import { JobProgress } from '@/shared/ui/JobProgress';
import { Section } from '@/shared/ui/Section';
import { GridSkeleton } from '@/shared/ui/Skeletons';
import { Verdict } from '@/shared/ui/Verdict';
import { type Batch, productionQuery, samplesQuery } from '../queries';
import { useClassName, useNote } from '../words';
import { PictureList } from './PictureList';
import { SendBatch } from './SendBatch';

const RUNS = new Set(['queued', 'running']);

function Samples({ batch }: { batch: Batch }) {
  const { t } = useTranslation('production');
  const { slug } = useProject();
  const [reason, setReason] = useState('all');
  const samples = useInfiniteQuery(samplesQuery(slug, batch.id));
  const names = useQuery(productionQuery(slug, batch.endpoint, 30)).data?.class_names ?? {};
  const className = useClassName(names);
  const reasons = Object.entries(batch.summary?.by_reason ?? {}).filter(([, n]) => n > 0);
  const found = samples.data?.pages.flatMap((page) => page.results) ?? [];
  const shown = found.filter((one) => reason === 'all' || one.reason === reason);
  if (samples.error && !samples.data) {
    return <ErrorState error={samples.error} small onRetry={samples.refetch} />;
  }
  if (samples.isPending) return <GridSkeleton tiles={12} />;
  return (
    <Stack gap="sm">
      {reasons.length > 1 && (
        <div style={{ overflowX: 'auto' }}>
          <SegmentedControl
            size="xs"
            aria-label={t('hard.filter')}
            data={[
              { value: 'all', label: t('hard.all') },
              ...reasons.map(([value, n]) => ({ value, label: `${t(`hard.reason.${value}`)} ${n}` })),
            ]}
            value={reason}
            onChange={setReason}
          />
        </div>
      )}
      {reason !== 'all' && (
        <Text size="sm" c="dimmed">
          {t(`hard.reasonText.${reason}`)}
        </Text>
      )}
      <PictureList
        key={reason}
        label={t('hard.samples')}
        onMore={samples.hasNextPage ? () => void samples.fetchNextPage() : undefined}
        pictures={shown.map((one) => ({
          id: one.request_id,
          sha256: one.sha256,
          src: one.thumbnail_url,
          name: `${className(one.predicted)} ${formatPercent(one.predicted_score, 0)}, ${t(`hard.reason.${one.reason}`)}`,
          caption: (
            <>
              {t('hard.said', {
                predicted: className(one.predicted),
                score: formatPercent(one.predicted_score, 0),
              })}
              <br />
              <strong>{t(`hard.reason.${one.reason}`)}</strong>
            </>
          ),
        }))}
      />
    </Stack>
  );
}

/** One batch: how it was found, its pictures with the reason for each, and where they go. */
export function BatchDetail({ batch }: { batch: Batch }) {
  const { t } = useTranslation('production');
  const project = useProject();
  const { slug } = project;
  const busy = batch.job !== null && RUNS.has(batch.job.state);
  const failed = batch.job?.state === 'failed';
  const job = useJob(slug, busy || failed ? batch.job?.id : null, [
    ['hard-samples', slug],
    ['home', slug],
  ]);
  const chosen = batch.summary?.chosen ?? 0;
  const noteOf = useNote();
  return (
    <Section
      title={t('hard.batch', { from: formatDate(batch.window_from), to: formatDate(batch.window_to) })}
      actions={
        <Group gap="xs">
          {batch.audit && (
            <Button
              component={Link}
              variant="default"
              to="/p/$project/production/audits/$id"
              params={{ project: slug, id: batch.audit } as never}
            >
              {t('hard.openAudit')}
            </Button>
          )}
          {batch.queue && (
            <Button
              component={Link}
              variant="default"
              to="/p/$project/label/$queue/overview"
              params={{ project: slug, queue: batch.queue } as never}
            >
              {t('hard.openQueue')}
            </Button>
          )}
        </Group>
      }
    >
      {job && (busy || failed) && <JobProgress job={job} />}
      {batch.summary?.note && <Verdict tone="unknown">{noteOf(batch.summary)}</Verdict>}
      {!busy && !failed && chosen === 0 && <Text c="dimmed">{t('hard.noneText')}</Text>}
      {chosen > 0 && (
        <Stack gap="md">
          {project.is('lead') && <SendBatch batch={batch} />}
          <Samples batch={batch} />
        </Stack>
      )}
    </Section>
  );
}
