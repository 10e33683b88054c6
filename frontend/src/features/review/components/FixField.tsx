import { Button, Group, Textarea, TextInput } from '@mantine/core';
import { type KeyboardEvent, type RefObject, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type FieldFault, type FieldQuestion, readField } from '@/features/annotate/fields/checkField';
import { useFaultWords } from '@/features/annotate/fields/useFaultWords';
import type { Answer } from '../queries';

interface Props {
  question: FieldQuestion;
  before: Answer | undefined;
  field: RefObject<HTMLInputElement | null>;
  disabled: boolean;
  onFix: (answer: Answer) => void;
}

/** The right number or text, where nobody gave it; it begins with what leads. */
export function FixField({ question, before, field, disabled, onFix }: Props) {
  const { t } = useTranslation('review');
  const faultWords = useFaultWords(question);
  const [typed, setTyped] = useState(
    String((question.kind === 'number' ? before?.number : before?.text) ?? ''),
  );
  const [wrong, setWrong] = useState<FieldFault | null>(null);
  const submit = () => {
    const read = readField(question, typed);
    if (typeof read === 'string') setWrong(read);
    else onFix(read);
  };
  const shared = {
    ref: (element: HTMLElement | null) => {
      field.current = element as HTMLInputElement | null;
    },
    size: 'xs',
    flex: 1,
    label: t('fix'),
    value: typed,
    disabled,
    error: wrong && faultWords(wrong),
    onChange: (event: { currentTarget: { value: string } }) => {
      setWrong(null);
      setTyped(event.currentTarget.value);
    },
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      // While a syllable is being composed, Enter belongs to the input method.
      if (event.nativeEvent.isComposing || event.keyCode === 229) return;
      if (event.key === 'Escape') event.currentTarget.blur();
      if (event.key !== 'Enter' || event.shiftKey) return;
      event.preventDefault();
      submit();
    },
  };
  return (
    <Group gap="xs" align="end" wrap="nowrap">
      {question.kind === 'number' ? (
        <TextInput {...shared} inputMode="decimal" rightSection={question.unit} rightSectionWidth={56} />
      ) : (
        <Textarea {...shared} autosize minRows={1} maxRows={8} />
      )}
      <Button size="xs" disabled={disabled} onClick={submit}>
        {t('fixAndAccept')}
      </Button>
    </Group>
  );
}
