import { Anchor, Button, Group, SegmentedControl, Text } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { isRunning } from '@/api/jobs';
import { formatBytes, formatCount } from '@/shared/format';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { type Column, DataTable } from '@/shared/ui/DataTable';
import { ErrorState } from '@/shared/ui/ErrorState';
import { JobProgress } from '@/shared/ui/JobProgress';
import { Section } from '@/shared/ui/Section';
import { TableSkeleton } from '@/shared/ui/Skeletons';
import { Stat } from '@/shared/ui/Stat';
import type { Tone } from '@/shared/ui/tone';
import { Light, Verdict } from '@/shared/ui/Verdict';
import styles from '../data.module.css';
import { cancelJob, type Import, type ImportFile, importFilesQuery, importQuery } from '../queries';

const OUTCOMES = ['rejected', 'duplicate', 'known', 'imported'] as const;
const TONE: Record<string, Tone> = {
  imported: 'good',
  duplicate: 'unknown',
  known: 'unknown',
  rejected: 'bad',
};
const counts = (run: Import) => ({
  imported: run.imported,
  duplicate: run.duplicates,
  known: run.known,
  rejected: run.rejected,
});

function Files({ project, run, live }: { project: string; run: Import; live: boolean }) {
  const { t } = useTranslation('data');
  const n = counts(run);
  const likely = OUTCOMES.find((one) => n[one] > 0) ?? 'imported';
  const [outcome, setOutcome] = useUrlState('outcome', likely);
  const list = useInfiniteQuery(importFilesQuery(project, run.id, outcome, live));
  const files = useMemo(() => list.data?.pages.flatMap((page) => page.results) ?? [], [list.data]);
  const columns: Column<ImportFile>[] = [
    {
      key: 'file',
      header: t('column.file'),
      render: (one) => <span style={{ overflowWrap: 'anywhere' }}>{one.name}</span>,
    },
    {
      key: 'outcome',
      header: t('column.outcome'),
      render: (one) => <Light tone={TONE[one.outcome] ?? 'unknown'}>{t(`outcome.${one.outcome}`)}</Light>,
    },
    {
      key: 'reason',
      header: t('column.reason'),
      render: (one) =>
        one.code && (
          <>
            {t(`rejected.${one.code}`, { defaultValue: one.code.replaceAll('-', ' ') })}
            <Text size="xs" c="dimmed">
              {one.message}
            </Text>
          </>
        ),
    },
    {
      key: 'size',
      header: t('statistic.byte_size'),
      align: 'right',
      render: (one) => (one.byte_size == null ? '' : formatBytes(one.byte_size)),
    },
    {
      key: 'item',
      header: t('item.title'),
      render: (one) =>
        one.item && (
          <Anchor
            component={Link}
            to="/p/$project/data/items/$id"
            params={{ project, id: one.item } as never}
          >
            {one.item.slice(0, 10)}
          </Anchor>
        ),
    },
  ];
  return (
    <>
      <SegmentedControl
        aria-label={t('column.outcome')}
        mb="xs"
        value={outcome}
        onChange={setOutcome}
        data={OUTCOMES.map((value) => ({
          value,
          label: `${t(`outcome.${value}`)} ${formatCount(n[value])}`,
        }))}
      />
      {list.error && <ErrorState small error={list.error} onRetry={list.refetch} />}
      {!list.error && !list.data && <TableSkeleton rows={4} />}
      {list.data && files.length === 0 && <Text c="dimmed">{t(`report.none.${outcome}`)}</Text>}
      {files.length > 0 && (
        <DataTable
          label={t(`outcome.${outcome}`)}
          columns={columns}
          rows={files}
          rowKey={(one) => one.id}
          maxHeight={420}
          onEnd={() => {
            if (list.hasNextPage && !list.isFetching) void list.fetchNextPage();
          }}
        />
      )}
    </>
  );
}

/** What became of every file, while it happens and ever after. */
export function ImportReport({ project, id, onClose }: { project: string; id: string; onClose: () => void }) {
  const { t } = useTranslation('data');
  const client = useQueryClient();
  const { data: run, error, refetch } = useQuery(importQuery(project, id));
  const cancel = useMutation({
    mutationFn: (job: string | number) => cancelJob(project, job),
    onSettled: () => refetch(),
  });
  const live = Boolean(run?.job && isRunning(run.job));
  const ended = Boolean(run) && !live;
  useEffect(() => {
    if (!ended) return;
    for (const noun of ['items', 'item-facets', 'import-files', 'attributes', 'sources', 'imports']) {
      void client.invalidateQueries({ queryKey: [noun, project] });
    }
  }, [ended, client, project]);
  if (error) return <ErrorState small error={error} onRetry={refetch} />;
  if (!run) return <TableSkeleton rows={4} />;
  const n = counts(run);
  const total = n.imported + n.duplicate + n.known + n.rejected;
  const failed = run.job?.state === 'failed';
  const tone = failed ? 'bad' : live ? 'unknown' : n.rejected > 0 ? 'warning' : 'good';
  return (
    <Section
      id="report"
      title={t('report.title', { source: run.source })}
      actions={
        <Group gap="xs">
          {ended && n.imported > 0 && (
            <>
              <Button
                size="xs"
                variant="default"
                component={Link}
                to="/p/$project/data/understand"
                params={{ project } as never}
              >
                {t('report.understand')}
              </Button>
              <Button
                size="xs"
                component={Link}
                to="/p/$project/data"
                params={{ project } as never}
                search={{ source: run.source } as never}
              >
                {t('report.items')}
              </Button>
            </>
          )}
          <Button size="xs" variant="subtle" color="gray" onClick={onClose}>
            {t('ui.close')}
          </Button>
        </Group>
      }
    >
      <Verdict tone={tone}>
        {live
          ? t('report.live', { count: total })
          : failed
            ? t('report.failed')
            : t('report.done', {
                imported: formatCount(n.imported),
                rejected: formatCount(n.rejected),
                total: formatCount(total),
              })}
      </Verdict>
      {run.job && (live || failed) && (
        <JobProgress job={run.job} onCancel={() => run.job && cancel.mutate(run.job.id)} />
      )}
      <div className={styles.stats}>
        {(['imported', 'duplicate', 'known', 'rejected'] as const).map((one) => (
          <Stat
            key={one}
            label={t(`outcome.${one}`)}
            value={formatCount(n[one])}
            note={t(`report.note.${one}`)}
          />
        ))}
      </div>
      <Files project={project} run={run} live={live} />
    </Section>
  );
}
