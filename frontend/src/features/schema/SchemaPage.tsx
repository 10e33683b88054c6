import { Button, Group, Select, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDateTime } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { PageHeader } from '@/shared/ui/PageHeader';
import { TableSkeleton } from '@/shared/ui/Skeletons';
import { AddQuestion } from './components/AddQuestion';
import { Editor } from './components/Editor';
import { History } from './components/History';
import type { Trial } from './components/Preview';
import { addQuestion, type Draft, draftOf } from './model/draft';
import { type Schema, schemaQuery, schemasQuery } from './queries';

const NOTHING: Schema = {
  id: '',
  family: '',
  version: 0,
  name: '',
  created_at: '',
  document: { format: 1, questions: [] },
};

/** What is asked, and the next version of it. The workbench's questions are handed in: features do not know each other. */
export function SchemaPage({ Trial }: { Trial: Trial }) {
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
  // A schema that is not there yet: it is asked for (by a link, too), then begun with its first question.
  const [asking, setAsking] = useUrlState('new', '');
  const [name, setName] = useState('');
  const [begun, setBegun] = useState<Draft | null>(null);
  const mayWrite = project.is('lead');
  const end = (made?: string) => {
    setBegun(null);
    setName('');
    if (made) setAsked(made);
  };
  const showMade = async () => {
    const { data } = await list.refetch();
    setAsked(data?.results.find((one) => one.family === row?.family)?.id ?? '');
  };
  const fresh = mayWrite && !begun && (
    <Button
      variant={row ? 'default' : 'filled'}
      leftSection={<IconPlus size={16} />}
      onClick={() => setAsking('yes')}
    >
      {t('new.title')}
    </Button>
  );
  return (
    <>
      <PageHeader title={t('title')} question={t('question.page')} actions={row && fresh} />
      {asking === 'yes' && mayWrite && !begun && (
        <AddQuestion
          naming={{ name, onChange: setName }}
          onAdd={(kind, title) => setBegun(addQuestion(draftOf([]), kind, title)[0])}
          onClose={() => setAsking('')}
        />
      )}
      {begun && (
        <>
          <Text fw={600} mb="xs">
            {name.trim()}
          </Text>
          <Editor
            project={project.slug}
            schema={{ ...NOTHING, name: name.trim() }}
            first={begun}
            readOnly={false}
            Trial={Trial}
            onMade={end}
          />
        </>
      )}
      {error && <ErrorState error={error} onRetry={() => (list.error ? list.refetch() : schema.refetch())} />}
      {!error && (list.isPending || (row && schema.isPending)) && <TableSkeleton />}
      {list.data && !row && !begun && (
        <EmptyState drawing="queue" title={t('empty.title')} text={t('empty.text')} action={fresh} />
      )}
      {row && schema.data && !error && !begun && (
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
            readOnly={old || !mayWrite}
            Trial={Trial}
            onMade={showMade}
          />
          <History project={project.slug} schema={row.id} />
        </>
      )}
    </>
  );
}
