import { NativeSelect, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AttributeValue } from '@/engine/model/shapes';
import { type AttributeQuestion, said } from './question';
import styles from './Shapes.module.css';

interface FieldProps {
  about: AttributeQuestion;
  value: AttributeValue | undefined;
  disabled: boolean;
  onChange: (value: AttributeValue) => void;
}

/** One attribute with its answer. */
export function AttributeField({ about, value, disabled, onChange }: FieldProps) {
  const { t, i18n } = useTranslation('shapes');
  const label = said(about.title, i18n.language, about.key);
  const options = (about.classes ?? []).map((one) => ({
    value: one.key,
    label: said(one.names, i18n.language, one.key),
  }));
  const { required } = about;
  switch (about.kind) {
    case 'single_choice':
      return (
        <NativeSelect
          size="xs"
          label={label}
          withAsterisk={required}
          disabled={disabled}
          value={typeof value === 'string' ? value : ''}
          data={[{ value: '', label: t('notGiven') }, ...options]}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'multiple_choice': {
      const keys = Array.isArray(value) ? (value as readonly string[]) : [];
      return (
        <fieldset className={styles.several} disabled={disabled}>
          <legend>{label}</legend>
          {options.map((one) => (
            <label key={one.value}>
              <input
                type="checkbox"
                checked={keys.includes(one.value)}
                onChange={(event) => {
                  const rest = keys.filter((key) => key !== one.value);
                  onChange(event.currentTarget.checked ? [...rest, one.value].sort() : rest);
                }}
              />
              {one.label}
            </label>
          ))}
        </fieldset>
      );
    }
    case 'number':
      return (
        <TextInput
          size="xs"
          type="number"
          label={about.unit ? `${label} (${about.unit})` : label}
          withAsterisk={required}
          disabled={disabled}
          value={typeof value === 'number' ? value : ''}
          {...(about.min == null ? {} : { min: about.min })}
          {...(about.max == null ? {} : { max: about.max })}
          step={about.step ?? 'any'}
          onChange={(event) => {
            const { valueAsNumber } = event.currentTarget;
            onChange(Number.isFinite(valueAsNumber) ? valueAsNumber : '');
          }}
        />
      );
    case 'text':
      return (
        <TextInput
          size="xs"
          label={label}
          withAsterisk={required}
          disabled={disabled}
          value={typeof value === 'string' ? value : ''}
          {...(about.max_length == null ? {} : { maxLength: about.max_length })}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
