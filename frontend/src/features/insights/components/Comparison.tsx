import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatAgo } from '@/shared/format';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { JobProgress } from '@/shared/ui/JobProgress';
import { Section } from '@/shared/ui/Section';
import { PageSkeleton } from '@/shared/ui/Skeletons';
import styles from '../insights.module.css';
import { compare, representQuery } from '../queries';
import { isChosen, likelySides, readSide, toSelection, writeSide } from '../sides';
import { useKnownSides } from '../useKnownSides';
import { useReportJob } from '../useReportJob';
import { ComparisonReport } from './ComparisonReport';
import { SidePicker } from './SidePicker';

/** Does one part of the data look like another? */
export function Comparison({ project, canCompute }: { project: string; canCompute: boolean }) {
  const { t } = useTranslation('insights');
  const client = useQueryClient();
  const [wanted, setWanted] = useUrlState('id', '');
  const latest = representQuery(project);
  const { data, error, refetch } = useQuery(representQuery(project, wanted));
  const known = useKnownSides(project);
  const [referenceText, setReference] = useUrlState('reference', '');
  const [currentText, setCurrent] = useUrlState('current', '');
  const [started, setStarted] = useState<string | null>(null);
  const likely = likelySides(known);
  const reference = readSide(referenceText) ?? likely.reference;
  const current = readSide(currentText) ?? likely.current;
  const start = useMutation({
    mutationFn: () => {
      if (!isChosen(reference) || !isChosen(current)) throw new Error('Both sides must be chosen.');
      return compare(project, { reference: toSelection(reference), current: toSelection(current) });
    },
    onSuccess: (report) => {
      setStarted(report.job ? String(report.job.id) : null);
      client.setQueryData(latest.queryKey, (before) => ({
        report: before?.report ?? null,
        running: report.job,
      }));
      setWanted('');
      void client.invalidateQueries({ queryKey: ['jobs', project] });
    },
  });
  const job = useReportJob(project, data, started, latest.queryKey);
  const result = data?.report?.result;
  return (
    <>
      {canCompute && (
        <Section title={t('compare.choose')}>
          <div className={styles.sides}>
            <SidePicker
              label={t('side.reference')}
              side={reference}
              onChange={(side) => setReference(writeSide(side))}
              {...known}
            />
            <span className={styles.against}>{t('side.against')}</span>
            <SidePicker
              label={t('side.current')}
              side={current}
              onChange={(side) => setCurrent(writeSide(side))}
              {...known}
            />
          </div>
          <Group justify="flex-end" mt="sm">
            <Button
              loading={start.isPending}
              disabled={!isChosen(reference) || !isChosen(current) || Boolean(data?.running)}
              onClick={() => start.mutate()}
            >
              {t('compare.start')}
            </Button>
          </Group>
          <FormProblem error={start.error} />
        </Section>
      )}
      {error && <ErrorState error={error} onRetry={refetch} />}
      {!error && !data && <PageSkeleton />}
      {job && (
        <Section>
          <JobProgress job={job} />
        </Section>
      )}
      {data && !result && !job && (
        <EmptyState drawing="chart" title={t('compare.empty')} text={t('compare.emptyText')} />
      )}
      {result && (
        <>
          <Text size="sm" c="dimmed" mb="xs">
            {t('compare.between', { reference: result.reference_name, current: result.current_name })}
            {data.report?.finished_at && ` · ${t('computed', { when: formatAgo(data.report.finished_at) })}`}
          </Text>
          <ComparisonReport project={project} result={result} pictures={data.report?.pictures ?? {}} />
        </>
      )}
    </>
  );
}
