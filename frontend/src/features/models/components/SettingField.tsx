import { NumberInput, Select, Switch, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RecipeSetting } from '../queries';

interface Props {
  setting: RecipeSetting;
  value: unknown;
  error?: string | undefined;
  onChange: (value: unknown) => void;
}

/** One setting of a recipe, drawn from its description. */
export function SettingField({ setting, value, error, onChange }: Props) {
  const { t } = useTranslation('models');
  const { name, type, help, choices, minimum, maximum } = setting;
  const common = {
    label: t(`setting.${name}`, { defaultValue: name.replaceAll('_', ' ') }),
    description: help,
    error,
    size: 'xs',
  } as const;
  if (type === 'boolean') {
    return (
      <Switch {...common} checked={value === true} onChange={(e) => onChange(e.currentTarget.checked)} />
    );
  }
  if (type === 'integer' || type === 'number') {
    return (
      <NumberInput
        {...common}
        value={typeof value === 'number' || typeof value === 'string' ? value : ''}
        min={minimum ?? Number.NEGATIVE_INFINITY}
        max={maximum ?? Number.POSITIVE_INFINITY}
        allowDecimal={type === 'number'}
        decimalScale={type === 'number' ? 8 : 0}
        onChange={onChange}
      />
    );
  }
  if (choices) {
    return (
      <Select
        {...common}
        data={choices.map((choice) => ({
          value: choice,
          label: t(`choice.${choice}`, { defaultValue: choice }),
        }))}
        value={String(value)}
        allowDeselect={false}
        onChange={onChange}
      />
    );
  }
  return (
    <TextInput {...common} value={String(value ?? '')} onChange={(e) => onChange(e.currentTarget.value)} />
  );
}
