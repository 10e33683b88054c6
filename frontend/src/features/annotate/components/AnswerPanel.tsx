import { Button, Group, Text, Textarea } from '@mantine/core';
import { type ReactNode, type RefObject, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import type { Snapshot } from '../state/snapshot';
import type { Question } from '../types';
import styles from '../WorkbenchPage.module.css';
import { ClassPanel } from './ClassPanel';
import { KeyOf } from './KeyOf';
import { RemarkNote } from './RemarkNote';
import { SkipReasons } from './SkipReasons';

export interface AnswerHandlers {
  pick: (key: string, stamp: number) => void;
  none: (stamp: number) => void;
  cannotTell: (stamp: number) => void;
  submit: (stamp: number) => void;
  skip: (reason: string, stamp: number) => void;
  setSkipping: (skipping: boolean) => void;
  setComment: (comment: string) => void;
}

interface Props {
  question: Question;
  index: ClassIndex;
  snapshot: Snapshot;
  /** One key answers and submits. */
  auto: boolean;
  skipping: boolean;
  commenting: boolean;
  search: RefObject<HTMLInputElement | null>;
  commentField: RefObject<HTMLTextAreaElement | null>;
  on: AnswerHandlers;
  /** What answers a question that is not a choice, with how it is done and whether it can be submitted now. */
  children?: ReactNode;
  hint?: string;
  noneLabel?: string;
  ready?: boolean;
}

/** The question and everything that answers it. */
export function AnswerPanel({
  question,
  index,
  snapshot,
  auto,
  skipping,
  commenting,
  search,
  commentField,
  on,
  children,
  hint,
  noneLabel,
  ready,
}: Props) {
  const { t, i18n } = useTranslation('annotate');
  const title = question.titles?.[i18n.language] ?? question.title;
  const help = question.help?.[i18n.language] ?? question.help?.en;
  const heading = useId();
  const { draft, current, readOnly } = snapshot;
  const disabled = !current || readOnly;
  const multiple = question.kind === 'multiple_choice';
  const given = current?.given?.kind;
  return (
    <section className={styles.panel} aria-labelledby={heading}>
      {current?.remark && <RemarkNote remark={current.remark} />}
      <div className={styles.question} id={heading}>
        {skipping ? t('skip.title') : title}
        {!skipping && help && (
          <Text size="sm" component="div" fw={400}>
            {help}
          </Text>
        )}
        <Text size="xs" c="dimmed" component="div" fw={400}>
          {skipping
            ? t('skip.text')
            : (hint ?? t(multiple ? 'hint.multiple' : auto ? 'hint.auto' : 'hint.single'))}
        </Text>
        {snapshot.restored && (
          <Text size="xs" c="var(--ts-warning)" component="div" fw={400}>
            {t('restored')}
          </Text>
        )}
        {snapshot.unstored && (
          <Text size="xs" c="var(--ts-bad)" component="div" fw={500} role="alert">
            {t('unstored')}
          </Text>
        )}
        {readOnly && (
          <Text size="xs" c="var(--ts-warning)" component="div" fw={400}>
            {t('readOnly')}
          </Text>
        )}
      </div>
      {skipping ? (
        <SkipReasons onSkip={on.skip} onCancel={() => on.setSkipping(false)} />
      ) : (
        (children ?? (
          <ClassPanel
            index={index}
            chosen={draft.classes}
            disabled={disabled}
            multiple={multiple}
            search={search}
            onPick={on.pick}
          />
        ))
      )}
      <div className={styles.answers}>
        {commenting && (
          <Textarea
            ref={commentField}
            size="xs"
            autosize
            minRows={2}
            maxRows={5}
            label={t('comment')}
            value={draft.comment}
            disabled={disabled}
            onChange={(event) => on.setComment(event.currentTarget.value)}
            onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
          />
        )}
        {(question.allow_none || question.allow_cannot_tell) && (
          <Group gap={8} grow>
            {question.allow_none && (
              <Button
                size="xs"
                variant={given === 'none_of_these' ? 'light' : 'default'}
                disabled={disabled}
                onClick={(event) => on.none(event.timeStamp)}
                rightSection={<KeyOf action="none" />}
              >
                {noneLabel ?? t('none')}
              </Button>
            )}
            {question.allow_cannot_tell && (
              <Button
                size="xs"
                variant={given === 'cannot_tell' ? 'light' : 'default'}
                disabled={disabled}
                onClick={(event) => on.cannotTell(event.timeStamp)}
                rightSection={<KeyOf action="cannotTell" />}
              >
                {t('cannotTell')}
              </Button>
            )}
          </Group>
        )}
        {(!auto || multiple || snapshot.back > 0) && (
          <Button
            disabled={disabled || !(ready ?? draft.classes.length > 0)}
            onClick={(event) => on.submit(event.timeStamp)}
            rightSection={<KeyOf action="submit" />}
          >
            {snapshot.back > 0 ? t('submitAgain') : t('submit')}
          </Button>
        )}
      </div>
    </section>
  );
}
