import { NumberInput, Select, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Answer, type BriefField, wordsOf } from '../queries';

interface Props {
  field: BriefField;
  value: Answer;
  error?: string | undefined;
  needed: boolean;
  disabled: boolean;
  onChange: (value: Answer) => void;
}

/** One question of the brief, as its kind asks for. */
export function FieldInput({ field, value, error, needed, disabled, onChange }: Props) {
  const { t, i18n } = useTranslation('brief');
  const help = wordsOf({ en: field.help_en, ko: field.help_ko }, i18n.language);
  const common = {
    label: wordsOf(field, i18n.language),
    description: [help, field.unit && t('unit', { unit: field.unit })].filter(Boolean).join(' '),
    withAsterisk: needed,
    disabled,
    error,
  };
  if (field.kind === 'choice')
    return (
      <Select
        {...common}
        data={field.options.map((one) => ({ value: one.key, label: wordsOf(one, i18n.language) }))}
        value={value === null ? null : String(value)}
        onChange={onChange}
        clearable
        searchable={field.options.length > 8}
      />
    );
  if (field.kind === 'text')
    return (
      <Textarea
        {...common}
        autosize
        minRows={1}
        maxRows={8}
        value={value === null ? '' : String(value)}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  const isShare = field.kind === 'share';
  return (
    <NumberInput
      {...common}
      value={value === null ? '' : Number(value)}
      min={0}
      {...(isShare ? { max: 1, step: 0.01, decimalScale: 4 } : { thousandSeparator: ',' })}
      onChange={(typed) => onChange(typed === '' ? null : Number(typed))}
    />
  );
}
