import { Button, Group, Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDateTime } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { PageHeader } from '@/shared/ui/PageHeader';
import { TableSkeleton } from '@/shared/ui/Skeletons';
import { Editor } from './components/Editor';
import { History } from './components/History';
import type { Panel } from './components/Preview';
import { schemaQuery, schemasQuery } from './queries';

/** What is asked, and the next version of it. The panel of the workbench is handed in: features do not know each other. */
export function SchemaPage({ Panel }: { Panel: Panel }) {
  const { t } = useTranslation('schema');
  const project = useProject();
  const [asked, setAsked] = useUrlState('schema', '');
  const list = useQuery(schemasQuery(project.slug));
  const rows = list.data?.results ?? [];
  // What is being edited stays when somebody else makes a newer version, or one's own change is done: its draft hangs on it.
  const [held, setHeld] = useState('');
  const row = rows.find((one) => one.id === asked) ?? rows.find((one) => one.id === held) ?? rows[0];
  if (row && row.id !== held) setHeld(row.id);
  const newest = rows.find((one) => one.family === row?.family);
  const schema = useQuery(schemaQuery(project.slug, row?.id ?? ''));
  const error = list.error ?? schema.error;
  const old = row !== undefined && newest !== undefined && newest.id !== row.id;
  const showMade = async () => {
    const { data } = await list.refetch();
    setAsked(data?.results.find((one) => one.family === row?.family)?.id ?? '');
  };
  const settings = (
    <Button
      component={Link}
      to="/p/$project/settings/$section"
      params={{ project: project.slug, section: 'schema' } as never}
    >
      {t('empty.action')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('title')} question={t('question.page')} />
      {error && <ErrorState error={error} onRetry={() => (list.error ? list.refetch() : schema.refetch())} />}
      {!error && (list.isPending || (row && schema.isPending)) && <TableSkeleton />}
      {list.data && !row && (
        <EmptyState drawing="queue" title={t('empty.title')} text={t('empty.text')} action={settings} />
      )}
      {row && schema.data && !error && (
        <>
          <Group gap="sm" align="flex-end" mb="md">
            <Select
              label={t('version.which')}
              data={rows.map((one) => ({ value: one.id, label: `${one.name} v${one.version}` }))}
              value={row.id}
              allowDeselect={false}
              onChange={(value) => setAsked(value ?? '')}
              w={300}
            />
            <Text size="sm" c="dimmed">
              {t(old ? 'version.old' : 'version.made', { when: formatDateTime(row.created_at) })}
            </Text>
          </Group>
          <Editor
            key={row.id}
            project={project.slug}
            schema={schema.data}
            readOnly={old || !project.is('lead')}
            Panel={Panel}
            onMade={showMade}
          />
          <History project={project.slug} schema={row.id} />
        </>
      )}
    </>
  );
}
