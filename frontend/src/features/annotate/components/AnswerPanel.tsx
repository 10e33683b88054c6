import { Button } from '@mantine/core';
import type { ReactNode, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import type { Snapshot } from '../state/snapshot';
import type { Question } from '../types';
import { ClassPanel } from './ClassPanel';
import { Declines } from './Declines';
import { KeyOf } from './KeyOf';
import { PanelFrame } from './PanelFrame';

export interface AnswerHandlers {
  pick: (key: string, stamp: number, found?: boolean) => void;
  none: (stamp: number) => void;
  cannotTell: (stamp: number) => void;
  submit: (stamp: number) => void;
  skip: (reason: string, stamp: number) => void;
  setSkipping: (skipping: boolean) => void;
  setComment: (comment: string) => void;
  instructions: () => void;
  /** The server's advice is read. */
  hush: () => void;
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
  undoing?: ReactNode;
  /** What answers a question that is not a choice, with how it is done and whether it can be submitted now. */
  children?: ReactNode;
  hint?: string;
  noneLabel?: string;
  ready?: boolean;
}

/** The question and everything that answers it. */
export function AnswerPanel(props: Props) {
  const { question, index, snapshot, auto, search, on, children, hint, noneLabel, ready } = props;
  const { t, i18n } = useTranslation('annotate');
  const { draft, current, readOnly } = snapshot;
  const disabled = !current || readOnly;
  const multiple = question.kind === 'multiple_choice';
  return (
    <PanelFrame
      {...props}
      title={question.titles?.[i18n.language] ?? question.title}
      help={question.help?.[i18n.language] ?? question.help?.en}
      hint={hint ?? t(multiple ? 'hint.multiple' : auto ? 'hint.auto' : 'hint.single')}
      footer={
        <>
          <Declines
            question={question}
            given={current?.given?.kind}
            disabled={disabled}
            noneLabel={noneLabel}
            onNone={on.none}
            onCannotTell={on.cannotTell}
          />
          {(!auto || multiple || snapshot.back > 0) && (
            <Button
              disabled={disabled || !(ready ?? draft.classes.length > 0)}
              onClick={(event) => on.submit(event.timeStamp)}
              rightSection={<KeyOf action="submit" />}
            >
              {snapshot.back > 0 ? t('submitAgain') : t('submit')}
            </Button>
          )}
        </>
      }
    >
      {children ?? (
        <ClassPanel
          index={index}
          chosen={draft.classes}
          disabled={disabled}
          multiple={multiple}
          search={search}
          onPick={on.pick}
        />
      )}
    </PanelFrame>
  );
}
