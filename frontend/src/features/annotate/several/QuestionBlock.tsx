import { Text } from '@mantine/core';
import { type ReactNode, type RefObject, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import { ClassPanel } from '../components/ClassPanel';
import { Declines } from '../components/Declines';
import { isFieldQuestion } from '../fields/checkField';
import type { Question } from '../types';
import { titleOf } from '../useAnswerWords';
import { FieldAnswer } from './FieldAnswer';
import styles from './Several.module.css';
import type { Gap, Part, Sheet } from './Sheet';

interface Props {
  sheet: Sheet;
  question: Question;
  index: ClassIndex;
  part: Part | undefined;
  gap: Gap | undefined;
  /** Keys go here now. */
  active: boolean;
  disabled: boolean;
  /** Where typing ahead goes. */
  search: RefObject<HTMLInputElement | null>;
  onSubmit: (stamp: number) => void;
  /** What answers a question for shapes. */
  drawing: ReactNode;
}

/** One of several questions, with all that answers it. Its keys are shown while they are its own. */
export function QuestionBlock(props: Props) {
  const { sheet, question, index, part, gap, active, disabled, search, onSubmit, drawing } = props;
  const { t, i18n } = useTranslation('annotate');
  const { t: tf } = useTranslation(question.kind === 'shapes' ? 'shapes' : 'fields');
  const id = useId();
  const block = useRef<HTMLElement>(null);
  const other = useRef<HTMLInputElement>(null);
  const { key, kind } = question;
  const choice = kind.endsWith('choice');
  const help = question.help?.[i18n.language] ?? question.help?.en;
  const field = isFieldQuestion(question);
  const decline = (what: 'none_of_these' | 'cannot_tell') => {
    sheet.decline(key, what, false);
    // The next key is one of the question's, not of the button.
    sheet.activate(key);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be focused, and its legend cannot be laid out
    <section
      ref={block}
      role="group"
      className={styles.block}
      aria-labelledby={`${id}-title`}
      {...(gap && !field ? { 'aria-describedby': `${id}-gap` } : {})}
      data-question={key}
      data-active={active}
      data-gap={gap}
      tabIndex={field ? -1 : 0}
      onFocus={() => sheet.activate(key, false)}
    >
      <div className={styles.title} id={`${id}-title`}>
        {titleOf(question, i18n.language)}
      </div>
      {help && <Text size="xs">{help}</Text>}
      {kind === 'multiple_choice' && (
        <Text size="xs" c="dimmed">
          {t('several.multiple')}
        </Text>
      )}
      {choice && (
        <ClassPanel
          embedded
          keyed={active}
          index={index}
          chosen={part?.kind === 'class' ? part.classes : []}
          disabled={disabled}
          multiple={kind === 'multiple_choice'}
          search={active ? search : other}
          onPick={(classKey, _stamp, found = false) => {
            sheet.pick(key, classKey, found);
            if (!found) sheet.activate(key);
          }}
        />
      )}
      {field && (
        <FieldAnswer
          question={question}
          timeline={sheet.timeline}
          labelledBy={`${id}-title`}
          value={part?.kind === 'typed' ? part.text : ''}
          gap={gap}
          disabled={disabled}
          onType={(text) => sheet.type(key, text)}
          onSubmit={onSubmit}
          onLeave={() => block.current?.focus()}
        />
      )}
      {drawing}
      <Declines
        question={question}
        given={part?.kind}
        disabled={disabled}
        noneLabel={choice ? undefined : tf('none_of_these')}
        keyed={active}
        among
        onNone={() => decline('none_of_these')}
        onCannotTell={() => decline('cannot_tell')}
      />
      {gap && !field && (
        <Text size="xs" c="var(--ts-warning)" fw={500} id={`${id}-gap`}>
          {t(gap === 'drawing' ? 'several.gap.drawing' : 'several.gap.missing')}
        </Text>
      )}
    </section>
  );
}
