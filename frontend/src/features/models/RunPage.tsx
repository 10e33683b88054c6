import { Button, Loader, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { isRunning } from '@/api/jobs';
import { Confusion } from '@/charts/Confusion';
import { useProject } from '@/shared/hooks/useProject';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { useServerWords } from '@/shared/hooks/useServerWords';
import { ConfirmButton } from '@/shared/ui/ConfirmButton';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { JobProgress } from '@/shared/ui/JobProgress';
import { PageHeader } from '@/shared/ui/PageHeader';
import { Section } from '@/shared/ui/Section';
import { PageSkeleton } from '@/shared/ui/Skeletons';
import { useSaid } from '@/shared/ui/said';
import { Verdict } from '@/shared/ui/Verdict';
import { ClassScores } from './components/ClassScores';
import { Facts } from './components/Facts';
import { MeasuredFiles } from './components/MeasuredFiles';
import { type MetricsColumn, MetricsTable } from './components/MetricsTable';
import { MissingExports } from './components/MissingExports';
import { RegisterRun } from './components/RegisterRun';
import { Reproduce } from './components/Reproduce';
import { RunCurves } from './components/RunCurves';
import { cancelRun, type RunDetail, rerun, runQuery } from './queries';
import { LOOKS_TONE, useRecipeName, VERDICT_TONE } from './words';

function Actions({ project, run }: { project: string; run: RunDetail }) {
  const { t } = useTranslation('models');
  const here = useProject();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [registering, register] = useDisclosure(false);
  const [key, renew] = useRequestKey();
  const refresh = () => {
    for (const queryKey of [
      ['run', project, run.id],
      ['runs', project],
      ['jobs', project],
    ])
      void client.invalidateQueries({ queryKey });
  };
  const cancel = useMutation({ mutationFn: () => cancelRun(project, run.id), onSuccess: refresh });
  const again = useMutation({
    mutationFn: () => rerun(project, run.id, key),
    onSuccess: (next) => {
      renew();
      refresh();
      void navigate({ to: '/p/$project/models/runs/$id', params: { project, id: next.id } });
    },
  });
  if (!here.is('lead', 'researcher')) return null;
  const stopping = run.job?.cancel_requested === true;
  return (
    <>
      <FormProblem error={cancel.error ?? again.error} />
      {isRunning(run) ? (
        <ConfirmButton
          loading={cancel.isPending}
          disabled={stopping}
          question={{
            title: t('run.cancelTitle'),
            text: t('run.cancelText'),
            verb: t('run.cancel'),
            danger: true,
          }}
          onConfirm={() => cancel.mutate()}
        >
          {t(stopping ? 'jobs.stopping' : 'run.cancel')}
        </ConfirmButton>
      ) : (
        <Button variant="default" loading={again.isPending} onClick={() => again.mutate()}>
          {t('run.rerun')}
        </Button>
      )}
      {run.model ? (
        <Button component={Link} to="/p/$project/models/$id" params={{ project, id: run.model.id } as never}>
          {t('run.openModel', { name: `${run.model.line} v${run.model.number}` })}
        </Button>
      ) : (
        run.state === 'succeeded' &&
        here.is('lead') && <Button onClick={register.open}>{t('run.register')}</Button>
      )}
      {registering && <RegisterRun project={project} run={run.id} onClose={register.close} />}
    </>
  );
}

function Quality({ project, run }: { project: string; run: RunDetail }) {
  const { t } = useTranslation('models');
  const say = useServerWords('models');
  const tell = useSaid();
  const recipeName = useRecipeName(project);
  const baselineId = run.is_baseline ? '' : (run.comparison?.baseline_run ?? '');
  const baseline = useQuery(runQuery(project, baselineId)).data;
  const { metrics, human_ceiling: ceiling, task } = run;
  const names = useMemo(() => new Map(task.classes.map((one) => [one.key, one.name])), [task]);
  if (!metrics) return <Text c="dimmed">{t('run.noMetrics')}</Text>;
  const columns: MetricsColumn[] = [
    {
      key: 'run',
      name: t('metrics.thisRun'),
      note: t('metrics.rows', { count: metrics.rows }),
      scores: metrics.scores,
    },
    ...(baseline?.metrics
      ? [
          {
            key: 'baseline',
            name: t('metrics.baseline'),
            note: recipeName(baseline.recipe),
            scores: baseline.metrics.scores,
          },
        ]
      : []),
    ...(ceiling && ceiling.accuracy.value !== null
      ? [
          {
            key: 'people',
            name: t('metrics.people'),
            note: t('metrics.peopleNote', { count: ceiling.n_annotators }),
            scores: { accuracy: ceiling.accuracy },
          },
        ]
      : []),
  ];
  const order = metrics.classes.map((one) => names.get(one.key) ?? one.key);
  return (
    <Stack gap="lg">
      <div>
        <MetricsTable label={t('run.quality')} columns={columns} main={task.metric} />
        <Text size="xs" c="dimmed">
          {ceiling && ceiling.accuracy.value !== null
            ? tell(ceiling.said, ceiling.sentence)
            : say('metrics.noCeiling', {}, ceiling?.sentence ?? t('metrics.noCeiling'))}
        </Text>
      </div>
      {metrics.confusion && (
        <Confusion
          title={t('run.confusion')}
          caption={t('run.confusionCaption')}
          classes={order}
          matrix={metrics.confusion}
        />
      )}
      <ClassScores metrics={metrics} names={names} />
    </Stack>
  );
}

function Finished({ run }: { run: RunDetail }) {
  const { t } = useTranslation('models');
  const tell = useSaid();
  if (run.state === 'failed') {
    return <Verdict tone="bad">{run.failure || t('run.failedUnknown')}</Verdict>;
  }
  if (run.state === 'cancelled') return <Verdict tone="unknown">{t('run.cancelled')}</Verdict>;
  return (
    <>
      {run.comparison && !run.is_baseline && (
        <Verdict tone={VERDICT_TONE[run.comparison.verdict]}>
          {tell(run.comparison.said, run.comparison.sentence)}
        </Verdict>
      )}
      {run.is_baseline && <Verdict tone="unknown">{t('run.isBaseline')}</Verdict>}
      {run.looks && run.looks.state !== 'fine' && (
        <Verdict tone={LOOKS_TONE[run.looks.state] ?? 'unknown'}>
          {t(`looks.${run.looks.state}`, {
            count: run.looks.looks,
            points: ((run.looks.optimism ?? 0) * 100).toFixed(1),
          })}
        </Verdict>
      )}
    </>
  );
}

/** Why it has this head and was judged so: both follow from the task and the protocol. */
function Reasons({ run }: { run: RunDetail }) {
  const { t } = useTranslation('models');
  const say = useServerWords('models');
  const { kind, folds, repeats, grouped, stratified } = run.protocol;
  const several = run.task.kind === 'multi_label';
  const details = [
    grouped && t('reason.grouped'),
    stratified && t(several ? 'reason.notStratified' : 'reason.stratified'),
    repeats > 1 && t('reason.repeats', { count: repeats }),
  ];
  const words = { folds, details: details.filter(Boolean).join(' ') };
  const head = { n: run.task.classes.length };
  return (
    <>
      <Text mt="xs">{say(`reason.head.${run.task.kind}`, head, run.head_reason ?? '')}</Text>
      {run.protocol_reason && (
        <Text mt="xs">{say(`reason.protocol.${kind}`, words, run.protocol_reason).trim()}</Text>
      )}
    </>
  );
}

/** Live while it runs, then what it is worth, why it was built so, and how to do it again. */
export function RunPage() {
  const { t } = useTranslation('models');
  const { slug } = useProject();
  const { id = '' } = useParams({ strict: false });
  const client = useQueryClient();
  const recipeName = useRecipeName(slug);
  const { data: run, error, refetch } = useQuery(runQuery(slug, id));
  const live = run ? isRunning(run) : false;
  const wasLive = useRef(false);
  useEffect(() => {
    // The last points of the curves and the lists are a moment behind the run's end.
    if (wasLive.current && !live) {
      for (const queryKey of [
        ['run-curves', slug, id],
        ['runs', slug],
        ['looks', slug],
        ['jobs', slug],
      ])
        void client.invalidateQueries({ queryKey });
    }
    wasLive.current = live;
  }, [live, client, slug, id]);
  if (error) return <ErrorState error={error} onRetry={refetch} />;
  if (!run) return <PageSkeleton />;
  return (
    <>
      <PageHeader
        title={recipeName(run.recipe)}
        question={t('run.question', { version: run.version })}
        actions={<Actions project={slug} run={run} />}
      />
      {live ? (
        <Section>{run.job ? <JobProgress job={run.job} /> : <Loader aria-label={t('ui.loading')} />}</Section>
      ) : (
        <Finished run={run} />
      )}
      <Section title={t('run.curves')}>
        <RunCurves project={slug} id={id} live={live} />
      </Section>
      {!live && (
        <Section title={t('run.quality')}>
          <Quality project={slug} run={run} />
        </Section>
      )}
      <Section title={t('run.head')}>
        <Facts
          rows={[
            [t('run.headUnits'), `${run.head.units} · ${run.head.activation}`],
            [t('run.headLoss'), run.head.loss],
          ]}
        />
        <Reasons run={run} />
      </Section>
      {(run.exports.length > 0 || run.missing_exports.length > 0) && (
        <Section title={t('exports.title')}>
          {run.exports.length > 0 && <MeasuredFiles files={run.exports} />}
          <MissingExports project={slug} of={`runs/${id}`} missing={run.missing_exports} />
        </Section>
      )}
      <Section title={t('redo.title')}>
        <Reproduce project={slug} run={run} />
      </Section>
    </>
  );
}
