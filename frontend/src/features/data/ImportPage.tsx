import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatAgo } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { countColumn } from '@/shared/ui/countColumn';
import { type Column, DataTable } from '@/shared/ui/DataTable';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { PageHeader } from '@/shared/ui/PageHeader';
import { Section } from '@/shared/ui/Section';
import { FigureSkeleton, TableSkeleton } from '@/shared/ui/Skeletons';
import type { Tone } from '@/shared/ui/tone';
import { Light } from '@/shared/ui/Verdict';
import { AttributesTable } from './components/AttributesTable';
import { ImportForm } from './components/ImportForm';
import { ImportReport } from './components/ImportReport';
import { Tabs } from './components/Tabs';
import { type Import, importsQuery, placesQuery } from './queries';

const TONE: Record<string, Tone> = { succeeded: 'good', failed: 'bad' };

function Past({ project, onOpen }: { project: string; onOpen: (id: string) => void }) {
  const { t } = useTranslation('data');
  const { data, error, refetch } = useQuery(importsQuery(project));
  const columns: Column<Import>[] = [
    { key: 'source', header: t('facet.source'), sortBy: (one) => one.source, render: (one) => one.source },
    { key: 'kind', header: t('import.from'), render: (one) => t(`importKind.${one.kind}`) },
    {
      key: 'state',
      header: t('column.state'),
      render: (one) =>
        one.job && <Light tone={TONE[one.job.state] ?? 'unknown'}>{t(`jobs.state.${one.job.state}`)}</Light>,
    },
    countColumn('imported', t('outcome.imported'), (one) => one.imported),
    countColumn('duplicates', t('outcome.duplicate'), (one) => one.duplicates),
    countColumn('known', t('outcome.known'), (one) => one.known),
    countColumn('rejected', t('outcome.rejected'), (one) => one.rejected),
    { key: 'by', header: t('column.by'), render: (one) => one.created_by ?? t('value.none') },
    {
      key: 'at',
      header: t('column.when'),
      sortBy: (one) => one.created_at,
      render: (one) => formatAgo(one.created_at),
    },
  ];
  return (
    <Section title={t('import.past')}>
      {error && <ErrorState small error={error} onRetry={refetch} />}
      {!error && !data && <TableSkeleton rows={3} />}
      {data?.results.length === 0 && (
        <EmptyState drawing="pictures" title={t('import.none')} text={t('import.noneText')} />
      )}
      {data && data.results.length > 0 && (
        <DataTable
          label={t('import.past')}
          columns={columns}
          rows={data.results}
          rowKey={(one) => one.id}
          onOpen={(one) => onOpen(one.id)}
        />
      )}
    </Section>
  );
}

/** How data come in: choose files, see what became of each, say what is known when a model predicts. */
export function ImportPage() {
  const { t } = useTranslation('data');
  const project = useProject();
  const [shown, setShown] = useUrlState('import', '');
  const { data: places, error, refetch } = useQuery(placesQuery(project.slug));
  const canImport = project.is('lead');
  return (
    <>
      <PageHeader title={t('import.title')} question={t('import.question')}>
        <Tabs project={project.slug} />
      </PageHeader>
      {shown !== '' && (
        <ImportReport key={shown} project={project.slug} id={shown} onClose={() => setShown('')} />
      )}
      {canImport && (
        <Section title={t('import.new')}>
          {error && <ErrorState small error={error} onRetry={refetch} />}
          {!error && !places && <FigureSkeleton />}
          {places && (
            <ImportForm project={project.slug} places={places} onStarted={(run) => setShown(run.id)} />
          )}
        </Section>
      )}
      <AttributesTable project={project.slug} canEdit={canImport} />
      <Past project={project.slug} onOpen={setShown} />
    </>
  );
}
