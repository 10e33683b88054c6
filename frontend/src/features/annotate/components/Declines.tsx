import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Answer, Question } from '../types';
import { KeyOf } from './KeyOf';

interface Props {
  question: Question;
  /** Which of the two was said. */
  given: Answer['kind'] | 'typed' | undefined;
  disabled: boolean;
  noneLabel?: string | undefined;
  /** Their keys work now. */
  keyed?: boolean;
  /** Small, and reached by their keys: those of one question of several, from which Tab leads to the next. */
  among?: boolean;
  onNone: (stamp: number) => void;
  onCannotTell: (stamp: number) => void;
}

/** The answers that every kind of question may admit. */
export function Declines({
  question,
  given,
  disabled,
  noneLabel,
  keyed = true,
  among = false,
  ...props
}: Props) {
  const { t } = useTranslation('annotate');
  const { onNone, onCannotTell } = props;
  if (!question.allow_none && !question.allow_cannot_tell) return null;
  const shared = { size: among ? 'compact-xs' : 'xs', disabled, ...(among ? { tabIndex: -1 } : {}) };
  return (
    <Group gap={8} grow={!among}>
      {question.allow_none && (
        <Button
          {...shared}
          variant={given === 'none_of_these' ? 'light' : 'default'}
          aria-pressed={given === 'none_of_these'}
          onClick={(event) => onNone(event.timeStamp)}
          rightSection={keyed && <KeyOf action="none" />}
        >
          {noneLabel ?? t('none')}
        </Button>
      )}
      {question.allow_cannot_tell && (
        <Button
          {...shared}
          variant={given === 'cannot_tell' ? 'light' : 'default'}
          aria-pressed={given === 'cannot_tell'}
          onClick={(event) => onCannotTell(event.timeStamp)}
          rightSection={keyed && <KeyOf action="cannotTell" />}
        >
          {t('cannotTell')}
        </Button>
      )}
    </Group>
  );
}
