import { NativeSelect, TextInput } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { setAttributes } from '@/engine/commands';
import type { AttributeValue, Shape } from '@/engine/model/shapes';
import type { Desk } from './Desk';
import { type AttributeQuestion, attributesFor, type ShapesQuestion, said } from './question';
import styles from './Shapes.module.css';

interface Props {
  desk: Desk;
  question: ShapesQuestion;
  above: (classKey: string) => readonly string[];
  disabled: boolean;
}

/** What the question asks of the chosen shapes; of several only what all of them carry. */
export function AttributeFields({ desk, question, above, disabled }: Props) {
  const { t } = useTranslation('shapes');
  const { editor } = desk;
  useSyncExternalStore(editor.subscribe, editor.snapshot);
  const { chosen } = editor;
  const [first] = chosen;
  if (!first || question.attributes.length === 0) return null;
  const shared = attributesFor(question, first.classKey, above(first.classKey)).filter((one) =>
    chosen.every(({ classKey }) => attributesFor(question, classKey, above(classKey)).includes(one)),
  );
  if (shared.length === 0) return null;
  const locked = disabled || chosen.every((shape) => shape.locked);
  return (
    <section className={styles.fields} aria-label={t('attributes')}>
      {shared.map((one) => (
        <Field
          key={one.key}
          about={one}
          value={common(chosen, one.key)}
          disabled={locked}
          onChange={(value) => setAttributes(editor, { [one.key]: value })}
        />
      ))}
    </section>
  );
}

/** The value that all of them have. */
function common(shapes: readonly Shape[], key: string): AttributeValue | undefined {
  const [first, ...others] = shapes.map(({ attributes }) => attributes[key]);
  const same = (other: AttributeValue | undefined) => JSON.stringify(other) === JSON.stringify(first);
  return others.every(same) ? first : undefined;
}

interface FieldProps {
  about: AttributeQuestion;
  value: AttributeValue | undefined;
  disabled: boolean;
  onChange: (value: AttributeValue) => void;
}

function Field({ about, value, disabled, onChange }: FieldProps) {
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
