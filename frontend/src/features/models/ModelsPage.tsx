import { Button, Select } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '@/actions/useActions';
import { useProject } from '@/shared/hooks/useProject';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { PageHeader } from '@/shared/ui/PageHeader';
import { Section } from '@/shared/ui/Section';
import { TableSkeleton } from '@/shared/ui/Skeletons';
import { Verdict } from '@/shared/ui/Verdict';
import { uuid } from '@/shared/uuid';
import { ModelsTable } from './components/ModelsTable';
import { PathSteps } from './components/PathSteps';
import { RunsTable } from './components/RunsTable';
import {
  looksQuery,
  modelsQuery,
  runsQuery,
  startBaselines,
  type VersionRow,
  versionsQuery,
} from './queries';
import { LOOKS_TONE } from './words';

const StartRun = lazy(() => import('./components/StartRun').then((m) => ({ default: m.StartRun })));

/** The runs of one version, with the path from it to a release. */
function OfVersion({
  project,
  version,
  canTrain,
}: {
  project: string;
  version: VersionRow;
  canTrain: boolean;
}) {
  const { t } = useTranslation('models');
  const client = useQueryClient();
  const runs = useQuery(runsQuery(project, version.ref));
  const models = useQuery(modelsQuery(project));
  const looks = useQuery(looksQuery(project, version.ref));
  const [key] = useState(uuid);
  const [starting, form] = useDisclosure(false);
  const baselines = useMutation({
    mutationFn: () => startBaselines(project, version.ref, key),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['runs', project] });
      void client.invalidateQueries({ queryKey: ['jobs', project] });
    },
  });
  useActions(
    canTrain
      ? [
          {
            id: 'models.start',
            title: t('start'),
            group: t('title'),
            scope: 'page',
            keys: ['KeyN'],
            perform: form.open,
          },
        ]
      : [],
  );
  if (runs.error) return <ErrorState error={runs.error} onRetry={runs.refetch} />;
  if (!runs.data) return <TableSkeleton />;
  const rows = runs.data.results;
  const judged = looks.data?.validation.find((one) => one.question === version.question);
  const startButton = (
    <Button leftSection={<IconPlayerPlay size={16} />} onClick={form.open}>
      {t('start')}
    </Button>
  );
  return (
    <>
      <PathSteps
        version={version}
        runs={rows}
        models={models.data?.results ?? []}
        looks={judged}
        tests={looks.data?.test ?? []}
        actions={
          canTrain && !rows.some((run) => run.is_baseline)
            ? {
                baselines: (
                  <Button
                    size="xs"
                    variant="default"
                    loading={baselines.isPending}
                    onClick={() => baselines.mutate()}
                  >
                    {t('startBaselines')}
                  </Button>
                ),
              }
            : {}
        }
      />
      <FormProblem error={baselines.error} />
      <Section title={t('runs.title')} actions={canTrain && startButton}>
        {judged && (
          <Verdict tone={LOOKS_TONE[judged.state] ?? 'unknown'}>
            {t(`looks.${judged.state}`, {
              count: judged.looks,
              points: ((judged.optimism ?? 0) * 100).toFixed(1),
            })}
          </Verdict>
        )}
        {rows.length === 0 ? (
          <EmptyState
            drawing="chart"
            title={t('runs.empty')}
            text={t('runs.emptyText')}
            action={canTrain && startButton}
          />
        ) : (
          <RunsTable project={project} runs={rows} />
        )}
      </Section>
      {starting && (
        <Suspense>
          <StartRun project={project} version={version} onClose={form.close} />
        </Suspense>
      )}
    </>
  );
}

function Registry({ project }: { project: string }) {
  const { t } = useTranslation('models');
  const { data, error, refetch } = useQuery(modelsQuery(project));
  return (
    <Section title={t('models.title')}>
      {error && <ErrorState small error={error} onRetry={refetch} />}
      {!error && !data && <TableSkeleton rows={3} />}
      {data?.results.length === 0 && (
        <EmptyState drawing="box" title={t('models.empty')} text={t('models.emptyText')} />
      )}
      {data && data.results.length > 0 && <ModelsTable project={project} models={data.results} />}
    </Section>
  );
}

/** Is it good enough? The path from a version to a release, the runs on it, and the registered models. */
export function ModelsPage() {
  const { t } = useTranslation('models');
  const project = useProject();
  const [ref, setRef] = useUrlState('version', '');
  const { data, error, refetch } = useQuery(versionsQuery(project.slug));
  const versions = data?.results ?? [];
  const version = versions.find((one) => one.ref === ref) ?? versions[0];
  return (
    <>
      <PageHeader
        title={t('title')}
        question={t('question')}
        actions={
          version && (
            <Select
              aria-label={t('models.version')}
              data={versions.map((one) => one.ref)}
              value={version.ref}
              onChange={(value) => value && setRef(value)}
              allowDeselect={false}
              searchable={versions.length > 8}
              w={220}
            />
          )
        }
      />
      {error && <ErrorState error={error} onRetry={refetch} />}
      {!error && !data && <TableSkeleton />}
      {data && !version && (
        <EmptyState
          drawing="chart"
          title={t('empty.title')}
          text={t('empty.text')}
          action={
            <Button component={Link} to="/p/$project/versions" params={{ project: project.slug } as never}>
              {t('empty.action')}
            </Button>
          }
        />
      )}
      {version && (
        <OfVersion
          key={version.ref}
          project={project.slug}
          version={version}
          canTrain={project.is('lead', 'researcher')}
        />
      )}
      {version && <Registry project={project.slug} />}
    </>
  );
}
