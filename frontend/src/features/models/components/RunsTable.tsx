import { Loader, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { isRunning } from '@/api/jobs';
import { formatAgo } from '@/shared/format';
import { type Column, DataTable } from '@/shared/ui/DataTable';
import { CannotCompute } from '@/shared/ui/EstimateBar';
import { EstimateCell } from '@/shared/ui/EstimateCell';
import { Light } from '@/shared/ui/Verdict';
import type { Run } from '../queries';
import { isVerdict, metricUnit, RUN_TONE, useRecipeName, VERDICT_TONE } from '../words';

/** The best baseline of the same target: what the bars are held against. */
function baselineOf(run: Run, runs: readonly Run[]): number | null {
  const same = runs.filter(
    (other) =>
      other.is_baseline &&
      other.task.metric === run.task.metric &&
      other.target.level === run.target.level &&
      other.question === run.question,
  );
  const values = same.map((other) => other.score?.value).filter((value) => value != null);
  return values.length > 0 ? Math.max(...values) : null;
}

function Score({ run, runs }: { run: Run; runs: readonly Run[] }) {
  const { t } = useTranslation('models');
  if (isRunning(run)) {
    const { done = 0, total = 0 } = run.job ?? {};
    return (
      <Text size="sm" c="dimmed" className="tabular">
        {total ? t('runs.progress', { share: Math.round((100 * done) / total) }) : t('runs.soon')}
      </Text>
    );
  }
  if (!run.score)
    return <CannotCompute reason={run.state === 'succeeded' ? t('runs.notJudged') : run.failure} />;
  return (
    <EstimateCell
      estimate={run.score}
      unit={metricUnit(run.task.metric)}
      label={t(`metric.${run.task.metric}`)}
      target={run.is_baseline ? null : baselineOf(run, runs)}
    />
  );
}

function State({ run }: { run: Run }) {
  const { t } = useTranslation('models');
  if (run.state === 'running') {
    return (
      <span style={{ display: 'inline-flex', alignItems: 'center', gap: 6 }}>
        <Loader size={14} aria-hidden="true" />
        {t('state.running')}
      </span>
    );
  }
  return <Light tone={RUN_TONE[run.state] ?? 'unknown'}>{t(`state.${run.state}`)}</Light>;
}

export function RunsTable({ project, runs }: { project: string; runs: readonly Run[] }) {
  const { t } = useTranslation('models');
  const recipeName = useRecipeName(project);
  const navigate = useNavigate();
  const columns: Column<Run>[] = [
    {
      key: 'recipe',
      header: t('runs.recipe'),
      sortBy: (run) => recipeName(run.recipe),
      render: (run) => (
        <>
          {recipeName(run.recipe)}
          <Text size="xs" c="dimmed" component="span" style={{ display: 'block' }}>
            {[
              run.is_baseline && t('runs.baseline'),
              run.target.level === null
                ? t('form.levelLabelled')
                : t('form.levelN', { n: run.target.level + 1 }),
              t(`protocol.${run.protocol.kind}`),
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
        </>
      ),
    },
    {
      key: 'state',
      header: t('runs.state'),
      sortBy: (run) => run.state,
      render: (run) => <State run={run} />,
    },
    {
      key: 'score',
      header: t('runs.score'),
      sortBy: (run) => run.score?.value ?? null,
      render: (run) => <Score run={run} runs={runs} />,
    },
    {
      key: 'verdict',
      header: t('runs.verdict'),
      sortBy: (run) => run.verdict,
      render: (run) =>
        run.is_baseline ? (
          <Text size="sm" c="dimmed">
            {t('runs.isBaseline')}
          </Text>
        ) : isVerdict(run.verdict) ? (
          <Light tone={VERDICT_TONE[run.verdict]}>{t(`verdict.${run.verdict}`)}</Light>
        ) : (
          <Text size="sm" c="dimmed">
            {t('runs.noVerdict')}
          </Text>
        ),
    },
    {
      key: 'model',
      header: t('runs.model'),
      render: (run) => (run.model ? `${run.model.line} v${run.model.number}` : ''),
    },
    {
      key: 'when',
      header: t('runs.when'),
      sortBy: (run) => run.created_at,
      render: (run) => <span style={{ whiteSpace: 'nowrap' }}>{formatAgo(run.created_at)}</span>,
    },
  ];
  return (
    <DataTable
      label={t('runs.title')}
      columns={columns}
      rows={runs}
      rowKey={(run) => run.id}
      defaultSort="-when"
      onOpen={(run) => navigate({ to: '/p/$project/models/runs/$id', params: { project, id: run.id } })}
    />
  );
}
