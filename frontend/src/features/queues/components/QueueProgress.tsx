import { Group, Progress, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Bars } from '@/charts/Bars';
import { formatAgo, formatCount, formatDate, formatDuration, formatPercent } from '@/shared/format';
import { ErrorState } from '@/shared/ui/ErrorState';
import { Section } from '@/shared/ui/Section';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import { Stat } from '@/shared/ui/Stat';
import { statsQuery } from '../queries';

/** How far, how fast, and when it will be done at the pace of the last hour. */
export function QueueProgress({ project, id }: { project: string; id: string }) {
  const { t } = useTranslation('queues');
  const { data, error, refetch } = useQuery(statsQuery(project, id));
  if (error) return <ErrorState small error={error} onRetry={refetch} />;
  if (!data) return <FigureSkeleton height={220} />;
  const share = data.n_slots > 0 ? Math.min(1, data.n_done / data.n_slots) : 0;
  const worked = data.per_day.findIndex((day) => day.n > 0);
  const days = worked < 0 ? [] : data.per_day.slice(Math.min(worked, data.per_day.length - 7));
  return (
    <Section title={t('progress.title')}>
      <Progress value={100 * share} size="lg" aria-label={t('progress.title')} mb="sm" />
      <Group gap="xs" align="stretch" mb="md">
        <Stat
          label={t('progress.labels')}
          value={formatPercent(share)}
          note={t('progress.ofWanted', { done: formatCount(data.n_done), wanted: formatCount(data.n_slots) })}
        />
        <Stat
          label={t('progress.items')}
          value={formatCount(data.n_completed)}
          note={
            t('progress.ofItems', { count: data.n_tasks, n: formatCount(data.n_tasks) }) +
            (data.n_saved > 0 ? ` · ${t('progress.saved', { n: formatCount(data.n_saved) })}` : '')
          }
        />
        <Stat
          label={t('progress.pace')}
          value={formatCount(data.last_hour)}
          note={
            data.eta_seconds === null
              ? data.last_at
                ? t('progress.lastWork', { when: formatAgo(data.last_at) })
                : t('progress.noWork')
              : data.eta_seconds === 0
                ? t('progress.finished')
                : t('progress.eta', { time: formatDuration(data.eta_seconds) })
          }
        />
        <Stat
          label={t('progress.people')}
          value={formatCount(data.n_annotators)}
          note={t('progress.skipped', { count: data.n_skipped, n: formatCount(data.n_skipped) })}
        />
      </Group>
      {days.length > 0 ? (
        <Bars
          title={t('progress.perDay')}
          rows={days.map((day) => ({ key: day.day, label: formatDate(day.day), value: day.n }))}
        />
      ) : (
        <Text size="sm" c="dimmed">
          {t('progress.noDays')}
        </Text>
      )}
    </Section>
  );
}
