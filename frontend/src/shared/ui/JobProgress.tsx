import { Button, Group, Progress, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isRunning, type Job, jobError } from '@/api/jobs';
import { formatAgo, formatCount, formatDuration } from '@/shared/format';
import { Light } from './Verdict';

/** A long work with what is done, what is left and how it ended. */
export function JobProgress({ job, onCancel }: { job: Job; onCancel?: () => void }) {
  const { t } = useTranslation();
  const share = job.total ? (100 * job.done) / job.total : 0;
  const running = isRunning(job);
  const title = t(`jobs.kind.${job.kind.replaceAll('.', '_')}`, {
    defaultValue: job.kind.replace(/^.*\./, '').replaceAll(/[_-]/g, ' '),
  });
  const tone = job.state === 'succeeded' ? 'good' : job.state === 'failed' ? 'bad' : 'unknown';
  return (
    <div>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="sm" fw={500} truncate>
          {title}
        </Text>
        {running && onCancel && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            disabled={job.cancel_requested}
            onClick={onCancel}
          >
            {t(job.cancel_requested ? 'jobs.stopping' : 'jobs.cancel')}
          </Button>
        )}
        {!running && <Light tone={tone}>{t(`jobs.state.${job.state}`)}</Light>}
      </Group>
      {running && (
        <Progress
          mt={4}
          size="sm"
          value={job.total ? share : 100}
          animated={!job.total}
          striped={!job.total}
          aria-label={title}
        />
      )}
      <Text size="xs" c="dimmed" className="tabular">
        {running
          ? [
              job.total
                ? t('jobs.of', { done: formatCount(job.done), total: formatCount(job.total) })
                : t(`jobs.state.${job.state}`),
              job.eta_seconds != null && t('jobs.left', { time: formatDuration(job.eta_seconds) }),
              job.message,
            ]
              .filter(Boolean)
              .join(' · ')
          : [jobError(job) || job.message, job.finished_at && formatAgo(job.finished_at)]
              .filter(Boolean)
              .join(' · ')}
      </Text>
    </div>
  );
}
