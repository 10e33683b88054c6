import { Button, Group, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { formatAgo } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { LazyMarkdown } from '@/shared/markdown/LazyMarkdown';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { Section } from '@/shared/ui/Section';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import { ExamplePicker } from './ExamplePicker';
import { GuidelineView } from './GuidelineView';
import styles from './GuidelineView.module.css';
import {
  allClasses,
  classesQuery,
  type ExampleKind,
  type Guideline,
  guidelineQuery,
  publishGuideline,
  revisionsQuery,
} from './queries';
import { WrittenExample } from './WrittenExample';

interface GuidelineClass {
  key: string;
  name: string;
}

interface Props {
  /** The queue's id. */
  queue: string;
}

interface Row {
  item: string;
  thumbnail: string | null;
  /** Of a text or record, which has no picture: its words as it was chosen, or where they are read. */
  words: string;
  content: string | null;
  kind: ExampleKind;
  class: string;
  sentence: string;
}

const rowsOf = (guideline: Guideline): Row[] =>
  guideline.examples.map((one) => ({
    item: one.item.sha256,
    thumbnail: one.item.thumbnail_url,
    words: '',
    content: one.item.content_url,
    kind: one.kind,
    class: one.class,
    sentence: one.sentence,
  }));

function ExampleRow({
  row,
  classes,
  onChange,
  onRemove,
}: {
  row: Row;
  classes: readonly GuidelineClass[];
  onChange: (change: Partial<Row>) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation('guideline');
  return (
    <div className={styles.row}>
      {row.thumbnail && <img src={row.thumbnail} alt={row.sentence || t('example')} />}
      {!row.thumbnail && (
        <div className={styles.said}>
          {row.words || (row.content ? <WrittenExample url={row.content} /> : t('example'))}
        </div>
      )}
      <Select
        size="xs"
        label={t('kind.title')}
        allowDeselect={false}
        data={(['good', 'bad'] as const).map((value) => ({ value, label: t(`kind.${value}`) }))}
        value={row.kind}
        onChange={(value) => onChange({ kind: value === 'bad' ? 'bad' : 'good' })}
      />
      <Select
        size="xs"
        label={t('class')}
        placeholder={t('whole')}
        searchable
        clearable
        limit={50}
        data={classes.map(({ key, name }) => ({ value: key, label: name }))}
        value={row.class || null}
        onChange={(value) => onChange({ class: value ?? '' })}
      />
      <TextInput
        size="xs"
        label={t('sentence')}
        maxLength={300}
        value={row.sentence}
        onChange={(event) => onChange({ sentence: event.currentTarget.value })}
      />
      <Button size="xs" variant="default" onClick={onRemove}>
        {t('remove')}
      </Button>
    </div>
  );
}

function Editor({
  project,
  queue,
  classes,
  guideline,
  onDone,
}: Props & {
  project: string;
  /** Classes that examples may be of. */
  classes: readonly GuidelineClass[];
  guideline: Guideline;
  onDone: () => void;
}) {
  const { t } = useTranslation('guideline');
  const client = useQueryClient();
  const [instructions, setInstructions] = useState(guideline.instructions);
  const [rows, setRows] = useState(() => rowsOf(guideline));
  const [note, setNote] = useState('');
  const [picking, setPicking] = useState(false);
  const save = useMutation({
    mutationFn: () =>
      publishGuideline(project, queue, {
        instructions,
        note,
        base_revision: guideline.revision,
        examples: rows.map(({ item, kind, class: of, sentence }) => ({ item, kind, class: of, sentence })),
      }),
    onSuccess: (saved) => {
      client.setQueryData(guidelineQuery(project, queue).queryKey, saved);
      void client.invalidateQueries({ queryKey: ['guideline', project, queue] });
      void client.invalidateQueries({ queryKey: ['queue', project, queue] });
      onDone();
    },
  });
  const errors = save.error ? asProblem(save.error).fieldErrors : {};
  const change = (at: number, part: Partial<Row>) =>
    setRows((before) => before.map((row, index) => (index === at ? { ...row, ...part } : row)));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="sm" maw={960}>
        <Textarea
          label={t('words')}
          description={t('wordsHelp')}
          autosize
          minRows={4}
          maxRows={20}
          value={instructions}
          error={errors.instructions}
          onChange={(event) => setInstructions(event.currentTarget.value)}
        />
        {instructions.trim() !== '' && (
          <details className={styles.preview}>
            <summary>{t('preview')}</summary>
            <LazyMarkdown text={instructions} />
          </details>
        )}
        <Text fw={600} size="sm">
          {t('examples')}
        </Text>
        {rows.map((row, at) => (
          <ExampleRow
            // biome-ignore lint/suspicious/noArrayIndexKey: an example is its place in the list
            key={at}
            row={row}
            classes={classes}
            onChange={(part) => change(at, part)}
            onRemove={() => setRows((before) => before.filter((_, index) => index !== at))}
          />
        ))}
        <Group>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() => setPicking(true)}
          >
            {t('add')}
          </Button>
        </Group>
        <TextInput
          label={t('note')}
          description={t('noteHelp')}
          maxLength={300}
          value={note}
          error={errors.note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <FormProblem error={save.error} />
        <Group>
          <Button type="submit" loading={save.isPending}>
            {t('publish')}
          </Button>
          <Button variant="default" onClick={onDone}>
            {t('cancel')}
          </Button>
        </Group>
      </Stack>
      <ExamplePicker
        project={project}
        opened={picking}
        onClose={() => setPicking(false)}
        onPick={({ sha256, thumbnail, words }) => {
          setRows((before) => [
            ...before,
            {
              item: sha256,
              thumbnail,
              words,
              content: null,
              kind: 'good',
              class: before.at(-1)?.class ?? '',
              sentence: '',
            },
          ]);
          setPicking(false);
        }}
      />
    </form>
  );
}

function Revisions({ project, queue }: { project: string; queue: string }) {
  const { t } = useTranslation('guideline');
  const { data } = useQuery(revisionsQuery(project, queue));
  if (!data || data.results.length === 0) return null;
  return (
    <details>
      <summary>{t('history')}</summary>
      {data.results.map((one) => (
        <Text key={one.revision} size="xs" c="dimmed">
          {[
            t('revision', { n: one.revision }),
            one.changed_by,
            formatAgo(one.changed_at),
            one.note,
            t('shownTo', { count: one.n_read }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
      ))}
    </details>
  );
}

/** Instructions and examples of a queue: read by everybody, written by leads. One line on the queue's page. */
export function GuidelineSection({ queue }: Props) {
  const { t, i18n } = useTranslation('guideline');
  const project = useProject();
  // The revision that somebody began with: a later one by others must not take away what was written meanwhile.
  const [editing, setEditing] = useState<Guideline | null>(null);
  const { data, error, refetch } = useQuery(guidelineQuery(project.slug, queue));
  const known = useQuery(classesQuery(project.slug, queue));
  const classes = (known.data ? allClasses(known.data) : []).map(({ key, name, names }) => ({
    key,
    name: names?.[i18n.language] ?? name,
  }));
  const names = new Map(classes.map(({ key, name }) => [key, name]));
  const lead = project.is('lead');
  return (
    <Section
      title={t('title')}
      actions={
        lead &&
        data &&
        !editing && (
          <Button size="xs" variant="default" onClick={() => setEditing(data)}>
            {t('edit')}
          </Button>
        )
      }
    >
      {error && <ErrorState error={error} onRetry={refetch} small />}
      {!error && !data && <FigureSkeleton height={120} />}
      {editing && (
        <Editor
          project={project.slug}
          queue={queue}
          classes={classes}
          guideline={editing}
          onDone={() => setEditing(null)}
        />
      )}
      {data && !editing && (
        <GuidelineView
          instructions={data.instructions}
          examples={data.examples}
          nameOf={(key) => names.get(key) ?? key}
        />
      )}
      {data && lead && !editing && <Revisions project={project.slug} queue={queue} />}
    </Section>
  );
}
