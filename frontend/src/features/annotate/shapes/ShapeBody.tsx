import { useMediaQuery } from '@mantine/hooks';
import {
  type ComponentProps,
  type ReactNode,
  type RefObject,
  useImperativeHandle,
  useSyncExternalStore,
} from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { ShapeStage } from '@/engine/ShapeStage';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import { type AnswerHandlers, AnswerPanel } from '../components/AnswerPanel';
import type { WorkSession } from '../state/session';
import type { Stage } from '../state/stage';
import type { Answer, Workbench } from '../types';
import type { BodyKeys } from './bodyKeys';
import type { Above, Desk } from './Desk';
import { DeskTools } from './DeskTools';
import { isShapesQuestion, type ShapesQuestion } from './question';
import styles from './Shapes.module.css';
import { ToolRail } from './ToolRail';
import { useDesk, useHand } from './useDrawing';

export interface BodyProps {
  data: Workbench;
  index: ClassIndex;
  session: WorkSession;
  stage: Stage;
  snapshot: ComponentProps<typeof AnswerPanel>['snapshot'];
  skipping: boolean;
  commenting: boolean;
  search: RefObject<HTMLInputElement | null>;
  commentField: RefObject<HTMLTextAreaElement | null>;
  on: AnswerHandlers;
  undoing: ReactNode;
  /** Where the tools stand; null where there is no room for a rail. */
  rail: HTMLElement | null;
  keys: RefObject<BodyKeys | null>;
}

/** The body of the workbench for a question that is answered by drawing. */
export function ShapeBody(props: BodyProps) {
  const { question } = props.data.queue;
  if (!isShapesQuestion(question)) throw new Error('This question is not answered by drawing.');
  const { session, stage } = props;
  const { desk, shapeStage, above } = useDesk({ question, classes: props.data.classes, session, stage });
  if (!desk) return <section className={styles.shapes} />;
  return <Drawing {...props} question={question} above={above} desk={desk} shapeStage={shapeStage} />;
}

interface DrawingProps extends BodyProps {
  question: ShapesQuestion;
  above: Above;
  desk: Desk;
  shapeStage: ShapeStage | null;
}

function Drawing(props: DrawingProps) {
  const { data, index, session, stage, snapshot, skipping, on, keys, question, above, desk, shapeStage } =
    props;
  const { t } = useTranslation('shapes');
  const { editor } = desk;
  const state = useSyncExternalStore(desk.subscribe, desk.snapshot);
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const { readOnly, current } = snapshot;
  const { away, still } = useHand({ desk, shapeStage, stage, question, index, readOnly, skipping });

  const give = async (answer: Answer | null, stamp: number) => {
    const { task } = desk;
    if (!answer || task === null || readOnly) return;
    const count = answer.kind === 'shapes' ? answer.shapes.length : 0;
    stage.timer.begin(stamp);
    on.setSkipping(false);
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    desk.sending();
    const said = t(answer.kind === 'shapes' ? 'answer' : answer.kind, { count });
    await desk.settled(task, await session.submit(answer, said));
  };
  // What was clicked is part of the answer, or would be thrown away by it, also when it is still on its way.
  const answering = (answerNow: () => Answer | null) => (stamp: number) =>
    editor.errands.answerWhenStill(() => void give(answerNow(), stamp));
  const handlers: BodyKeys = {
    pick: (key) => !away && editor.setClass(key),
    submit: answering(() => desk.collect()),
    none: answering(() => desk.none()),
    cannotTell: answering(() => desk.setAside({ kind: 'cannot_tell' })),
  };
  useImperativeHandle(keys, () => handlers);

  const rail = <ToolRail desk={desk} question={question} disabled={away} flat={narrow} />;
  return (
    <>
      {!narrow && props.rail && createPortal(rail, props.rail)}
      <AnswerPanel
        {...props}
        question={question}
        auto={false}
        hint={t('hint')}
        noneLabel={t('none_of_these')}
        ready={state.ready}
        on={{ ...on, ...handlers }}
      >
        {narrow && rail}
        <DeskTools
          desk={desk}
          stage={shapeStage}
          question={question}
          classes={data.classes}
          index={index}
          above={above}
          search={props.search}
          away={!current || away}
          still={still}
          onPick={handlers.pick}
        />
      </AnswerPanel>
    </>
  );
}
