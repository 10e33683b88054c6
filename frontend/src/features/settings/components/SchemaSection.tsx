import { Badge, Button, Group, Select, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPencil, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatDateTime } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { classColour } from '@/shared/ui/classColour';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { Section } from '@/shared/ui/Section';
import { TableSkeleton } from '@/shared/ui/Skeletons';
import { type SchemaClass, type SchemaQuestion, schemaQuery, schemasQuery } from '../queries';
import { SchemaForm } from './SchemaForm';

const SHOWN = 400;

function depthsOf(classes: readonly SchemaClass[]): Map<string, number> {
  const found = new Map<string, number>();
  // Parents stand before their children in a document, so one pass is enough.
  for (const one of classes) found.set(one.key, one.parent === null ? 0 : (found.get(one.parent) ?? 0) + 1);
  return found;
}

function Question({ question }: { question: SchemaQuestion }) {
  const { t, i18n } = useTranslation('settings');
  const say = (words: Record<string, string>) =>
    words[i18n.language] ?? words.en ?? Object.values(words)[0] ?? '';
  const depths = useMemo(() => depthsOf(question.classes), [question.classes]);
  const order = useMemo(
    () => question.classes.filter((one) => one.selectable).map((one) => one.key),
    [question.classes],
  );
  return (
    <div>
      <Text fw={600}>{say(question.title)}</Text>
      <Group gap={6} my={4}>
        <Badge variant="default">{t(`schema.kind.${question.kind}`)}</Badge>
        {question.allow_none && <Badge variant="default">{t('schema.allowNone')}</Badge>}
        {question.allow_cannot_tell && <Badge variant="default">{t('schema.allowCannotTell')}</Badge>}
        <Text size="sm" c="dimmed">
          {t('schema.classes', { count: question.classes.length, n: formatCount(question.classes.length) })}
        </Text>
      </Group>
      <ul
        aria-label={t('schema.classesOf', { question: say(question.title) })}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long list must scroll by keyboard
        tabIndex={0}
        style={{
          margin: 0,
          padding: 8,
          listStyle: 'none',
          maxHeight: 360,
          overflowY: 'auto',
          border: '1px solid var(--ts-line-soft)',
          borderRadius: 4,
        }}
      >
        {question.classes.slice(0, SHOWN).map((one) => (
          <li
            key={one.key}
            style={{
              paddingLeft: 16 * (depths.get(one.key) ?? 0),
              display: 'flex',
              gap: 8,
              alignItems: 'center',
            }}
          >
            <span
              aria-hidden="true"
              style={{
                width: 10,
                height: 10,
                flex: 'none',
                borderRadius: 2,
                background: one.selectable ? classColour(one.key, order) : 'var(--ts-line)',
              }}
            />
            <span style={{ fontWeight: one.selectable ? 400 : 600 }}>{say(one.names)}</span>
            <Text span size="xs" c="dimmed">
              {one.key}
            </Text>
          </li>
        ))}
        {question.classes.length > SHOWN && (
          <li>
            <Text size="sm" c="dimmed">
              {t('schema.more', { n: formatCount(question.classes.length - SHOWN) })}
            </Text>
          </li>
        )}
      </ul>
    </div>
  );
}

/** What is asked of an item, and the answers that there are. A schema never changes; it gets a next version. */
export function SchemaSection() {
  const { t } = useTranslation('settings');
  const project = useProject();
  const [asked, setAsked] = useUrlState('schema', '');
  const list = useQuery(schemasQuery(project.slug));
  const rows = list.data?.results ?? [];
  const row = rows.find((one) => one.id === asked) ?? rows[0];
  const schema = useQuery(schemaQuery(project.slug, row?.id ?? ''));
  const [writing, form] = useDisclosure(false);
  const error = list.error ?? schema.error;
  const button = project.is('lead') && (
    <Group gap="xs">
      {row && (
        <Button
          component={Link}
          to="/p/$project/schema"
          params={{ project: project.slug } as never}
          search={(row.id === rows[0]?.id ? {} : { schema: row.id }) as never}
          leftSection={<IconPencil size={16} />}
        >
          {t('schema.edit')}
        </Button>
      )}
      <Button
        component={Link}
        to="/p/$project/schema"
        params={{ project: project.slug } as never}
        search={{ new: 'yes' } as never}
        variant="default"
      >
        {t('schema.new')}
      </Button>
      <Button variant={row ? 'default' : 'filled'} leftSection={<IconPlus size={16} />} onClick={form.open}>
        {t(row ? 'schema.next' : 'schema.create')}
      </Button>
    </Group>
  );
  return (
    <Section title={t('section.schema')} actions={row && button}>
      {error && (
        <ErrorState small error={error} onRetry={() => (list.error ? list.refetch() : schema.refetch())} />
      )}
      {!error && (list.isPending || (row && !schema.data)) && <TableSkeleton />}
      {list.data && !row && (
        <EmptyState drawing="queue" title={t('schema.empty')} text={t('schema.emptyText')} action={button} />
      )}
      {row && schema.data && (
        <Stack gap="md">
          <Group gap="sm" align="flex-end">
            <Select
              aria-label={t('schema.version')}
              data={rows.map((one) => ({ value: one.id, label: `${one.name} v${one.version}` }))}
              value={row.id}
              allowDeselect={false}
              onChange={(value) => setAsked(value ?? '')}
              w={260}
            />
            <Text size="sm" c="dimmed">
              {t('schema.made', { when: formatDateTime(row.created_at) })}
            </Text>
          </Group>
          {schema.data.document.questions.map((question) => (
            <Question key={question.key} question={question} />
          ))}
        </Stack>
      )}
      {writing && (
        <SchemaForm
          project={project.slug}
          before={schema.data ?? null}
          onClose={form.close}
          onMade={setAsked}
        />
      )}
    </Section>
  );
}
