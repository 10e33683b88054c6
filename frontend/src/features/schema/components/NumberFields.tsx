import { Group, NumberInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface Bounds {
  min?: number | null;
  max?: number | null;
  step?: number | null;
  unit?: string;
}

interface Props {
  of: Bounds;
  readOnly: boolean;
  onChange: (patch: Bounds) => void;
}

/** Bounds, steps and unit of a number. */
export function NumberFields({ of, readOnly, onChange }: Props) {
  const { t } = useTranslation('schema');
  return (
    <Group grow>
      {(['min', 'max', 'step'] as const).map((field) => (
        <NumberInput
          key={field}
          label={t(`question.${field}`)}
          value={of[field] ?? ''}
          disabled={readOnly}
          hideControls
          onChange={(value) => onChange({ [field]: value === '' ? null : Number(value) })}
        />
      ))}
      <TextInput
        label={t('question.unit')}
        value={of.unit ?? ''}
        disabled={readOnly}
        maxLength={40}
        onChange={(event) => onChange({ unit: event.currentTarget.value })}
      />
    </Group>
  );
}
