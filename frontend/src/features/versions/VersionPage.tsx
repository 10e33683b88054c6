import { Badge, Button, Group } from '@mantine/core';
import { IconSnowflake } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatCount } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { PageHeader } from '@/shared/ui/PageHeader';
import { PageSkeleton } from '@/shared/ui/Skeletons';
import { Verdict } from '@/shared/ui/Verdict';
import { Balance } from './components/Balance';
import { Datasheet } from './components/Datasheet';
import { DiffSection } from './components/DiffSection';
import { ExportList } from './components/ExportList';
import { LoadingCode } from './components/LoadingCode';
import { type Version, versionQuery } from './queries';
import { balanceTone, useBalanceWords } from './words';

function Verdicts({ version }: { version: Version }) {
  const { t } = useTranslation('versions');
  const balance = useBalanceWords();
  const { summary } = version;
  return (
    <>
      <Verdict tone={balanceTone(summary)}>{balance(summary)}</Verdict>
      {summary.n_conflicts > 0 && (
        <Verdict tone="warning" action={<a href="#datasheet">{t('conflicts.see')}</a>}>
          {t('conflicts.verdict', { count: summary.n_conflicts, n: formatCount(summary.n_conflicts) })}
        </Verdict>
      )}
    </>
  );
}

function Body({ project, version }: { project: string; version: Version }) {
  const { t } = useTranslation('versions');
  return (
    <>
      <Verdicts version={version} />
      {version.items === 0 ? (
        <EmptyState drawing="box" title={t('version.emptyTitle')} text={t('version.emptyText')} />
      ) : (
        <>
          <Balance summary={version.summary} />
          <LoadingCode loading={version.loading} />
          <ExportList project={project} version={version.ref} />
        </>
      )}
      <Datasheet project={project} version={version} />
      <DiffSection key={version.ref} project={project} version={version} />
    </>
  );
}

/** One frozen version: what is in it, where it comes from, and how to take it along. */
export function VersionPage() {
  const { t } = useTranslation('versions');
  const project = useProject();
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const { data, error, refetch, isPending } = useQuery(versionQuery(project.slug, id));
  return (
    <>
      <PageHeader
        title={data?.ref ?? id}
        question={
          data
            ? t('version.question', {
                count: data.items,
                n: formatCount(data.items),
                classes: formatCount(data.n_classes),
                when: formatAgo(data.created_at),
              })
            : t('version.title')
        }
        actions={
          <Group gap="xs">
            {data?.state === 'archived' && <Badge color="gray">{t('version.archived')}</Badge>}
            {data && project.is('lead') && (
              <Button
                component={Link}
                to="/p/$project/versions"
                params={{ project: project.slug } as never}
                search={{ new: data.ref } as never}
                variant="default"
                leftSection={<IconSnowflake size={16} />}
              >
                {t('version.again')}
              </Button>
            )}
          </Group>
        }
      />
      {error && <ErrorState error={error} onRetry={refetch} />}
      {!error && isPending && <PageSkeleton />}
      {data && <Body project={project.slug} version={data} />}
    </>
  );
}
