import { Button, Group, NumberInput, Select, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { formatCount } from '@/shared/format';
import { useJob } from '@/shared/hooks/useJob';
import { useProject } from '@/shared/hooks/useProject';
import { DataTable } from '@/shared/ui/DataTable';
import { ErrorState } from '@/shared/ui/ErrorState';
import { EstimateBar } from '@/shared/ui/EstimateBar';
import { FormProblem } from '@/shared/ui/FormProblem';
import { JobProgress } from '@/shared/ui/JobProgress';
import { Section } from '@/shared/ui/Section';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import { Stat } from '@/shared/ui/Stat';
import { type Plan, planQuery, setPlan } from '../queries';

/** What counts as disputed: the agreement below which a task is reviewed. */
const BELOW = ['', '1', '0.8', '0.67', '0.5'] as const;

function PlanForm({ project, queue, plan }: { project: string; queue: string; plan: Plan }) {
  const { t } = useTranslation('review');
  const client = useQueryClient();
  const [share, setShare] = useState(plan.share * 100);
  const [below, setBelow] = useState(plan.agreement_below === null ? '' : String(plan.agreement_below));
  const save = useMutation({
    mutationFn: () =>
      setPlan(project, queue, { share: share / 100, agreement_below: below === '' ? null : Number(below) }),
    onSuccess: (saved) => client.setQueryData(planQuery(project, queue).queryKey, saved),
  });
  const errors = save.error ? asProblem(save.error).fieldErrors : {};
  const choices = [...new Set<string>([...BELOW, below])];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Group align="end" gap="sm" mb="sm">
        <NumberInput
          size="xs"
          w={180}
          label={t('plan.share')}
          suffix=" %"
          min={0}
          max={100}
          decimalScale={1}
          value={share}
          error={errors.share}
          onChange={(value) => setShare(Number(value) || 0)}
        />
        <Select
          size="xs"
          w={260}
          label={t('plan.disputed')}
          allowDeselect={false}
          data={choices.map((value) => ({
            value: value || 'none',
            label: t(value === '' ? 'plan.none' : value === '1' ? 'plan.any' : 'plan.below', {
              share: Math.round(Number(value) * 100),
            }),
          }))}
          value={below || 'none'}
          error={errors.agreement_below}
          onChange={(value) => setBelow(value === null || value === 'none' ? '' : value)}
        />
        <Button size="xs" type="submit" variant="default" loading={save.isPending}>
          {t('plan.save')}
        </Button>
      </Group>
      <Text size="xs" c="dimmed" mb="sm">
        {t('plan.help')}
      </Text>
      <FormProblem error={save.error} />
    </form>
  );
}

function Annotators({ plan }: { plan: Plan }) {
  const { t } = useTranslation('review');
  return (
    <DataTable
      label={t('quality.byAnnotator')}
      rows={plan.annotators}
      rowKey={(row) => row.id}
      columns={[
        {
          key: 'pseudonym',
          header: t('quality.who'),
          render: (row) => row.pseudonym,
          sortBy: (row) => row.pseudonym,
        },
        { key: 'kind', header: t('quality.kind'), render: (row) => t(`kind.${row.kind}`) },
        {
          key: 'quality',
          header: t('quality.right'),
          render: (row) => <EstimateBar {...row.quality} label={row.pseudonym} />,
          sortBy: (row) => row.quality.value ?? null,
        },
      ]}
    />
  );
}

/** How right the labels are, by a random share of them that reviewers settled; and what is reviewed at all. */
export function ReviewQuality({ queue, name }: { queue: string; name: string }) {
  const { t } = useTranslation('review');
  const { slug, is } = useProject();
  const { data, error, refetch } = useQuery(planQuery(slug, queue));
  const job = useJob(slug, data?.running_job, [
    ['review-plan', slug, queue],
    ['review', slug],
    ['queues', slug],
  ]);
  return (
    <Section title={t('quality.title', { queue: name })}>
      {error && <ErrorState error={error} onRetry={refetch} small />}
      {!error && !data && <FigureSkeleton height={120} />}
      {data && (
        <>
          <Text size="sm" c="dimmed" mb="sm" maw={760}>
            {t('quality.text')}
          </Text>
          <Group gap="xl" mb="sm" align="start">
            <Stat
              label={t('quality.queue')}
              value={<EstimateBar {...data.quality} label={t('quality.queue')} />}
            />
            <Stat
              label={t('quality.settled')}
              value={t('quality.of', { n: formatCount(data.n_settled), total: formatCount(data.n_drawn) })}
            />
          </Group>
          {job && <JobProgress job={job} />}
          {data.annotators.length > 0 && <Annotators plan={data} />}
          {is('lead') && (
            <PlanForm
              key={`${data.share}/${data.agreement_below}`}
              project={slug}
              queue={queue}
              plan={data}
            />
          )}
        </>
      )}
    </Section>
  );
}
