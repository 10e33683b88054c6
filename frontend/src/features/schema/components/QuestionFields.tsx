import { Checkbox, Group, MultiSelect, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { nameIn, spoken } from '../model/tree';
import { hasClasses, type SchemaQuestion, TOOLS, type Tool } from '../model/types';
import { NumberFields } from './NumberFields';

interface Props {
  question: SchemaQuestion;
  /** Those before it, of which a condition may speak. */
  earlier: readonly SchemaQuestion[];
  readOnly: boolean;
  onChange: (patch: Partial<SchemaQuestion>) => void;
}

const numberOf = (value: string | number) => (value === '' ? null : Number(value));

function ShapeFields({ question, readOnly, onChange }: Omit<Props, 'earlier'>) {
  const { t } = useTranslation('schema');
  return (
    <>
      <MultiSelect
        label={t('question.tools')}
        data={TOOLS.map((tool) => ({ value: tool, label: t(`tool.${tool}`) }))}
        value={question.tools ?? []}
        disabled={readOnly}
        onChange={(tools) => onChange({ tools: TOOLS.filter((tool) => tools.includes(tool)) as Tool[] })}
      />
      <NumberInput
        label={t('question.maxShapes')}
        placeholder={t('question.noLimit')}
        value={question.max_shapes ?? ''}
        disabled={readOnly}
        min={1}
        max={20_000}
        allowDecimal={false}
        hideControls
        onChange={(value) => onChange({ max_shapes: numberOf(value) })}
      />
    </>
  );
}

function When({ question, earlier, readOnly, onChange }: Props) {
  const { t, i18n } = useTranslation('schema');
  const others = earlier.filter((one) => hasClasses(one.kind));
  const asked = others.find((one) => one.key === question.when?.question);
  if (others.length === 0) return null;
  return (
    <Group grow align="flex-start">
      <Select
        label={t('question.when')}
        placeholder={t('question.always')}
        data={others.map((one) => ({ value: one.key, label: nameIn(one.title, i18n.language) }))}
        value={question.when?.question ?? null}
        disabled={readOnly}
        clearable
        clearButtonProps={{ 'aria-label': t('question.always') }}
        onChange={(key) => onChange({ when: key ? { question: key, has: [] } : null })}
      />
      {asked && (
        <MultiSelect
          label={t('question.has')}
          data={asked.classes
            .filter((one) => !one.retired)
            .map((one) => ({ value: one.key, label: nameIn(one.names, i18n.language) || one.key }))}
          value={question.when?.has ?? []}
          disabled={readOnly}
          searchable
          limit={60}
          error={question.when?.has.length === 0 ? t('question.hasNone') : null}
          onChange={(has) => onChange({ when: { question: asked.key, has } })}
        />
      )}
    </Group>
  );
}

/** What a question asks, and what its kind needs to know besides. */
export function QuestionFields({ question, earlier, readOnly, onChange }: Props) {
  const { t } = useTranslation('schema');
  const words = (field: 'title' | 'help', language: 'en' | 'ko', text: string) =>
    onChange({ [field]: spoken(question[field], language, text, field === 'title' ? 'en' : null) });
  return (
    <Stack gap="xs">
      {(['title', 'help'] as const).map((field) => (
        <Group key={field} grow>
          {(['en', 'ko'] as const).map((language) => (
            <TextInput
              key={language}
              label={t(`question.${field}.${language}`)}
              value={question[field][language] ?? ''}
              disabled={readOnly}
              onChange={(event) => words(field, language, event.currentTarget.value)}
            />
          ))}
        </Group>
      ))}
      <Group>
        {(['allow_none', 'allow_cannot_tell'] as const).map((field) => (
          <Checkbox
            key={field}
            label={t(field === 'allow_none' ? 'question.none' : 'question.cannotTell')}
            checked={question[field]}
            disabled={readOnly}
            onChange={(event) => onChange({ [field]: event.currentTarget.checked })}
          />
        ))}
      </Group>
      {question.kind === 'number' && <NumberFields of={question} readOnly={readOnly} onChange={onChange} />}
      {question.kind === 'text' && (
        <NumberInput
          label={t('question.maxLength')}
          value={question.max_length ?? 2000}
          disabled={readOnly}
          min={1}
          max={20_000}
          allowDecimal={false}
          onChange={(value) => onChange({ max_length: numberOf(value) ?? 2000 })}
        />
      )}
      {question.kind === 'shapes' && (
        <ShapeFields question={question} readOnly={readOnly} onChange={onChange} />
      )}
      <When question={question} earlier={earlier} readOnly={readOnly} onChange={onChange} />
    </Stack>
  );
}
