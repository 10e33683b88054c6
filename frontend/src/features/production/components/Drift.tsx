import { Anchor, Button, Group, Modal, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { useJob } from '@/shared/hooks/useJob';
import { useProject } from '@/shared/hooks/useProject';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { JobProgress } from '@/shared/ui/JobProgress';
import { Section } from '@/shared/ui/Section';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import { dayEnd, dayStart, daysAgo } from '../days';
import { checkAgainstTraining, compareWindows, reportQuery } from '../queries';
import { DriftReport } from './DriftReport';

const SPANS = ['all', '7', '14', '30', '90'] as const;

interface StartProps {
  endpoint: string;
  onStarted: (job: string) => void;
}

/** The training data of the model in charge against a part of production. */
function Check({ endpoint, onStarted, children }: StartProps & { children: ReactNode }) {
  const { t } = useTranslation('production');
  const { slug } = useProject();
  const [span, setSpan] = useState<string>('all');
  const check = useMutation({
    mutationFn: () =>
      checkAgainstTraining(slug, {
        endpoint,
        start: span === 'all' ? null : dayStart(daysAgo(Number(span))),
        end: null,
      }),
    onSuccess: (job) => onStarted(String(job.id)),
  });
  return (
    <Stack gap="xs">
      <Text fw={600}>{t('drift.check')}</Text>
      <Text size="sm" c="dimmed">
        {t('drift.checkText')}
      </Text>
      <Group gap="xs" align="flex-end">
        <Select
          label={t('drift.window')}
          data={SPANS.map((value) => ({
            value,
            label: value === 'all' ? t('drift.all') : t('overview.lastDays', { days: value }),
          }))}
          value={span}
          allowDeselect={false}
          onChange={(value) => value && setSpan(value)}
          w={280}
        />
        <Button loading={check.isPending} onClick={() => check.mutate()}>
          {t('drift.start')}
        </Button>
        {children}
      </Group>
      <FormProblem error={check.error} />
    </Stack>
  );
}

/** Two parts of production, by the same tests. */
function Compare({ endpoint, onStarted }: StartProps) {
  const { t } = useTranslation('production');
  const { slug } = useProject();
  const [days, setDays] = useState({
    earlier_start: daysAgo(27),
    earlier_end: daysAgo(14),
    later_start: daysAgo(13),
    later_end: daysAgo(0),
  });
  const compare = useMutation({
    mutationFn: () =>
      compareWindows(slug, {
        endpoint,
        earlier_start: dayStart(days.earlier_start),
        earlier_end: dayEnd(days.earlier_end),
        later_start: dayStart(days.later_start),
        later_end: dayEnd(days.later_end),
      }),
    onSuccess: (job) => onStarted(String(job.id)),
  });
  const fields = compare.error ? asProblem(compare.error).fieldErrors : {};
  const field = (name: keyof typeof days) => (
    <TextInput
      type="date"
      label={t(`drift.${name}`)}
      value={days[name]}
      max={daysAgo(0)}
      onChange={(event) => setDays({ ...days, [name]: event.currentTarget.value })}
      error={fields[name]}
      required
    />
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        compare.mutate();
      }}
    >
      <Stack gap="sm">
        <SimpleGrid cols={2} spacing="sm">
          {field('earlier_start')}
          {field('earlier_end')}
          {field('later_start')}
          {field('later_end')}
        </SimpleGrid>
        <FormProblem error={compare.error} />
        <Group justify="flex-end">
          <Button type="submit" loading={compare.isPending}>
            {t('drift.start')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Has production drifted: from the training data, or from what it was before? */
export function Drift({ endpoint }: { endpoint: string }) {
  const { t } = useTranslation('production');
  const project = useProject();
  const { slug } = project;
  const [wanted, setWanted] = useUrlState('report', '');
  const [compares, setCompares] = useState(false);
  const [started, setStarted] = useState<string | null>(null);
  const { data, error, refetch, isPending } = useQuery(reportQuery(slug, wanted));
  const running = started ?? (data?.running ? String(data.running.id) : null);
  const job = useJob(slug, running, [
    ['represent', slug],
    ['production', slug],
    ['home', slug],
  ]);
  const handleStarted = (id: string) => {
    setStarted(id);
    setWanted('');
    setCompares(false);
  };
  const shown = job && job.state !== 'succeeded' ? job : null;
  return (
    <>
      {project.is('lead') && (
        <Section>
          <Check endpoint={endpoint} onStarted={handleStarted}>
            <Button variant="default" onClick={() => setCompares(true)}>
              {t('drift.compare')}
            </Button>
          </Check>
        </Section>
      )}
      <Modal opened={compares} onClose={() => setCompares(false)} title={t('drift.compare')}>
        <Compare endpoint={endpoint} onStarted={handleStarted} />
      </Modal>
      {shown && (
        <Section>
          <JobProgress job={shown} />
        </Section>
      )}
      {isPending && <FigureSkeleton height={280} />}
      {error && !data && <ErrorState error={error} small onRetry={refetch} />}
      {data && !data.report && !shown && (
        <EmptyState drawing="chart" title={t('drift.empty')} text={t('drift.emptyText')} />
      )}
      {data?.report?.result && (
        <DriftReport
          report={data.report}
          link={
            <Anchor
              component={Link}
              to="/p/$project/data/represent"
              params={{ project: slug } as never}
              search={{ id: data.report.id } as never}
            >
              {t('drift.whole')}
            </Anchor>
          }
        />
      )}
    </>
  );
}
