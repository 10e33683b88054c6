import { Textarea, TextInput } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldQuestion } from '../fields/checkField';
import { useFaultWords } from '../fields/useFaultWords';
import type { Timeline } from '../undo/Timeline';
import { useFieldUndo } from '../undo/useFieldUndo';
import type { Gap } from './Sheet';

interface Props {
  question: FieldQuestion;
  timeline: Timeline;
  /** Of the question: its title. */
  labelledBy: string;
  value: string;
  gap: Gap | undefined;
  disabled: boolean;
  onType: (text: string) => void;
  onSubmit: (stamp: number) => void;
  /** Focus goes to the question itself, so that its keys work. */
  onLeave: () => void;
}

/** A number or a text among several answers. */
export function FieldAnswer({ question, timeline, labelledBy, value, gap, ...props }: Props) {
  const { disabled, onType, onSubmit, onLeave } = props;
  const { t } = useTranslation('annotate');
  const words = useFaultWords(question);
  const undo = useFieldUndo(timeline);
  const handleKey = (event: KeyboardEvent<HTMLElement>) => {
    // While a syllable is being composed, Enter belongs to the input method.
    if (event.nativeEvent.isComposing || event.keyCode === 229 || undo.take(event)) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      onLeave();
    }
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    onSubmit(event.timeStamp);
  };
  const shared = {
    value,
    disabled,
    'aria-labelledby': labelledBy,
    autoComplete: 'off',
    'data-cursor': true,
    error: gap && (gap === 'missing' || gap === 'drawing' ? t('several.gap.missing') : words(gap)),
    onFocus: undo.onFocus,
    onChange: (event: { currentTarget: { value: string } }) => {
      undo.onTyped();
      onType(event.currentTarget.value);
    },
    onKeyDown: handleKey,
  };
  return question.kind === 'number' ? (
    <TextInput
      {...shared}
      size="xs"
      inputMode="decimal"
      rightSection={question.unit}
      rightSectionWidth={56}
    />
  ) : (
    <Textarea {...shared} size="xs" autosize minRows={1} maxRows={6} />
  );
}
