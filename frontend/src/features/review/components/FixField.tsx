import { Button, Group, TextInput } from '@mantine/core';
import { type RefObject, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../queries';

interface Props {
  kind: 'number' | 'text';
  before: Answer | undefined;
  field: RefObject<HTMLInputElement | null>;
  disabled: boolean;
  onFix: (answer: Answer) => void;
}

/** The right number or text, where nobody gave it. */
export function FixField({ kind, before, field, disabled, onFix }: Props) {
  const { t } = useTranslation('review');
  const [text, setText] = useState(String((kind === 'number' ? before?.number : before?.text) ?? ''));
  const number = Number(text);
  const usable = text.trim() !== '' && (kind === 'text' || Number.isFinite(number));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (usable) onFix(kind === 'number' ? { kind, number } : { kind, text });
      }}
    >
      <Group gap="xs" align="end" wrap="nowrap">
        <TextInput
          ref={field}
          size="xs"
          flex={1}
          label={t('fix')}
          inputMode={kind === 'number' ? 'decimal' : 'text'}
          value={text}
          disabled={disabled}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        />
        <Button size="xs" type="submit" disabled={disabled || !usable}>
          {t('fixAndAccept')}
        </Button>
      </Group>
    </form>
  );
}
