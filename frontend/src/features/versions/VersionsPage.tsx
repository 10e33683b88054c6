import { Anchor, Button, Code, Drawer, Text } from '@mantine/core';
import { IconSnowflake } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '@/actions/useActions';
import { isRunning, type Job } from '@/api/jobs';
import { formatAgo, formatCount } from '@/shared/format';
import { useJob } from '@/shared/hooks/useJob';
import { type ProjectHere, useProject } from '@/shared/hooks/useProject';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { countColumn } from '@/shared/ui/countColumn';
import { type Column, DataTable } from '@/shared/ui/DataTable';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { JobProgress } from '@/shared/ui/JobProgress';
import { PageHeader } from '@/shared/ui/PageHeader';
import { Section } from '@/shared/ui/Section';
import { FigureSkeleton, TableSkeleton } from '@/shared/ui/Skeletons';
import { Verdict } from '@/shared/ui/Verdict';
import { SplitBar } from './components/SplitBar';
import { type Frozen, type VersionRow, versionsQuery } from './queries';

const FreezeForm = lazy(() => import('./components/FreezeForm').then((m) => ({ default: m.FreezeForm })));

/** The freeze that the address names: how far it is, and what came of it. */
function FreezeJob({ project, id, onHide }: { project: string; id: string; onHide: () => void }) {
  const { t } = useTranslation('versions');
  const job = useJob(project, id, [['versions', project]]);
  if (!job) return null;
  const frozen = job.state === 'succeeded' ? (job.result as Frozen) : null;
  return (
    <Section>
      {frozen ? (
        <Verdict
          tone="good"
          action={
            <Anchor
              renderRoot={(props) => (
                <Link {...props} to="/p/$project/versions/$id" params={{ project, id: frozen.version }} />
              )}
            >
              {t('frozen.open', { version: frozen.version })}
            </Anchor>
          }
        >
          {t(frozen.created ? 'frozen.created' : 'frozen.same', {
            version: frozen.version,
            count: frozen.items,
            n: formatCount(frozen.items),
          })}
        </Verdict>
      ) : (
        <JobProgress job={job} />
      )}
      {!isRunning(job) && (
        <Button size="compact-xs" variant="subtle" color="gray" onClick={onHide}>
          {t('hideJob')}
        </Button>
      )}
    </Section>
  );
}

function useColumns(project: string): Column<VersionRow>[] {
  const { t } = useTranslation('versions');
  return [
    {
      key: 'version',
      header: t('column.version'),
      sortBy: (row) => `${row.name}@${String(row.number).padStart(6, '0')}`,
      render: (row) => (
        <Anchor
          fw={600}
          renderRoot={(props) => (
            <Link {...props} to="/p/$project/versions/$id" params={{ project, id: row.ref }} />
          )}
        >
          {row.ref}
        </Anchor>
      ),
    },
    countColumn('items', t('column.items'), (row) => row.items),
    countColumn('classes', t('column.classes'), (row) => row.n_classes),
    {
      key: 'splits',
      header: t('column.splits'),
      width: 150,
      render: (row) => <SplitBar splits={row.splits} compact />,
    },
    { key: 'parent', header: t('column.parent'), render: (row) => row.parent ?? t('column.noParent') },
    {
      key: 'frozen',
      header: t('column.frozen'),
      sortBy: (row) => row.created_at,
      render: (row) => [formatAgo(row.created_at), row.created_by].filter(Boolean).join(' · '),
    },
    {
      key: 'hash',
      header: t('column.hash'),
      render: (row) => <Code title={row.content_hash}>{row.content_hash.slice(0, 12)}</Code>,
    },
  ];
}

function FreezeDrawer(props: {
  project: ProjectHere;
  from: string;
  last: string | undefined;
  onClose: () => void;
  onStarted: (job: Job) => void;
}) {
  const { t } = useTranslation('versions');
  return (
    <Drawer opened onClose={props.onClose} position="right" size="lg" title={t('form.title')}>
      <Suspense fallback={<FigureSkeleton />}>
        <FreezeForm
          project={props.project.slug}
          from={props.from}
          name={props.last ?? props.project.slug}
          onClose={props.onClose}
          onStarted={props.onStarted}
        />
      </Suspense>
    </Drawer>
  );
}

/** Every frozen version, and the way to the next one. */
export function VersionsPage() {
  const { t } = useTranslation('versions');
  const project = useProject();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [freezing, setFreezing] = useUrlState('new', '');
  const [jobId, setJobId] = useUrlState('job', '');
  const { data, error, refetch, isPending } = useQuery(versionsQuery(project.slug));
  const columns = useColumns(project.slug);
  const canFreeze = project.is('lead');
  useActions(
    canFreeze
      ? [
          {
            id: 'versions.freeze',
            title: t('freeze'),
            group: t('title'),
            scope: 'page',
            keys: ['KeyN'],
            perform: () => setFreezing('1'),
          },
        ]
      : [],
  );
  const started = (job: Job) => {
    client.setQueryData(['job', project.slug, String(job.id)], job);
    void client.invalidateQueries({ queryKey: ['jobs', project.slug] });
    const change = ({ new: _new, ...rest }: Record<string, unknown>) => ({ ...rest, job: String(job.id) });
    void navigate({ to: '.', search: change as never, replace: true });
  };
  const button = canFreeze && (
    <Button leftSection={<IconSnowflake size={16} />} onClick={() => setFreezing('1')}>
      {t('freeze')}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t('title')}
        question={t('question')}
        actions={data && data.results.length > 0 && button}
      />
      {jobId && <FreezeJob project={project.slug} id={jobId} key={jobId} onHide={() => setJobId('')} />}
      {error && <ErrorState error={error} onRetry={refetch} />}
      {!error && isPending && <TableSkeleton />}
      {data?.results.length === 0 && (
        <EmptyState
          drawing="box"
          title={t('empty.title')}
          text={t(canFreeze ? 'empty.text' : 'empty.textForOthers')}
          action={button}
        />
      )}
      {data && data.results.length > 0 && (
        <>
          <DataTable
            label={t('title')}
            columns={columns}
            rows={data.results}
            rowKey={(row) => row.id}
            onOpen={(row) =>
              void navigate({
                to: '/p/$project/versions/$id',
                params: { project: project.slug, id: row.ref },
              })
            }
          />
          <Text size="xs" c="dimmed" mt="xs">
            {t('hashNote')}
          </Text>
        </>
      )}
      {canFreeze && freezing && (
        <FreezeDrawer
          project={project}
          from={freezing === '1' ? '' : freezing}
          last={data?.results[0]?.name}
          onClose={() => setFreezing('')}
          onStarted={started}
        />
      )}
    </>
  );
}
