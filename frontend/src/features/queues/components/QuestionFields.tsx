import { Checkbox, Select, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatCount } from '@/shared/format';
import type { SchemaQuestion, SchemaRow } from '../queries';

/** Until a lead chooses others: the first question alone. */
export const firstOf = (schema: SchemaRow | undefined): string[] =>
  schema?.questions.slice(0, 1).map(({ key }) => key) ?? [];

/** Whether people's answers can be counted against each other: where a question has classes. */
export function isCounted(schema: SchemaRow | undefined, questions: readonly string[]): boolean {
  const asked = schema?.questions.filter(({ key }) => questions.includes(key)) ?? [];
  return asked.some(({ kind }) => kind.endsWith('choice'));
}

interface Props {
  schemas: readonly SchemaRow[];
  schema: SchemaRow | undefined;
  questions: readonly string[];
  error: string | undefined;
  onSchema: (schema: SchemaRow | undefined) => void;
  onQuestions: (questions: string[]) => void;
}

/** What a new queue asks about each item: one or several questions of a schema, in its order. */
export function QuestionFields({ schemas, schema, questions, error, onSchema, onQuestions }: Props) {
  const { t, i18n } = useTranslation('queues');
  const titleOf = (one: SchemaQuestion) => one.title[i18n.language] ?? one.title.en ?? one.key;
  const all = schema?.questions ?? [];
  const drawn = all.find(({ key, kind }) => kind === 'shapes' && questions.includes(key));
  const about = (one: SchemaQuestion) => {
    const earlier = all.find(({ key }) => key === one.when);
    const words = [t(`form.kind.${one.kind}`, { count: one.n_classes, n: formatCount(one.n_classes) })];
    if (earlier)
      words.push(
        t(questions.includes(earlier.key) ? 'form.onlyAfter' : 'form.always', { title: titleOf(earlier) }),
      );
    return words.join(' · ');
  };
  return (
    <Stack gap="sm">
      <Select
        label={t('form.schema')}
        description={t('form.schemaHelp')}
        data={schemas.map(({ id, name, version }) => ({
          value: id,
          label: t('form.schemaOf', { name, version }),
        }))}
        value={schema?.id ?? null}
        allowDeselect={false}
        onChange={(id) => onSchema(schemas.find((one) => one.id === id))}
      />
      <Checkbox.Group
        label={t('form.questions')}
        description={t('form.questionsHelp')}
        value={[...questions]}
        error={error}
        onChange={(chosen) => onQuestions(all.map(({ key }) => key).filter((key) => chosen.includes(key)))}
      >
        <Stack gap={8} mt={8}>
          {all.map((one) => (
            <Checkbox
              key={one.key}
              value={one.key}
              label={titleOf(one)}
              description={about(one)}
              disabled={one.kind === 'shapes' && drawn !== undefined && drawn.key !== one.key}
            />
          ))}
        </Stack>
      </Checkbox.Group>
      {(questions.length > 1 || (questions.length > 0 && !isCounted(schema, questions))) && (
        <Text size="sm" c="dimmed" role="note">
          {t(isCounted(schema, questions) ? 'several.text' : 'uncounted.text')}
        </Text>
      )}
    </Stack>
  );
}
