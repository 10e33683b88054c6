import { useMediaQuery } from '@mantine/hooks';
import { useRef, useState, useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { paste } from '@/engine/commands';
import { type ShapeJson, shapesFromJson } from '@/engine/model/json';
import type { ShapeStage } from '@/engine/ShapeStage';
import type { Above, Desk } from '@/features/annotate/shapes/Desk';
import { DeskTools } from '@/features/annotate/shapes/DeskTools';
import type { ShapesQuestion } from '@/features/annotate/shapes/question';
import { ToolRail } from '@/features/annotate/shapes/ToolRail';
import { useDesk, useHand } from '@/features/annotate/shapes/useDrawing';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import type { LabelClass } from '@/shared/classes/LabelClass';
import { counted, shapesOf } from '../answers';
import { keptAs, madeOf, startOf, tableOf } from '../fixing';
import type { Case, GivenAnswer } from '../queries';
import styles from '../ReviewPage.module.css';
import { useFixActions } from '../useFixActions';
import { FixFrame, type FixProps } from './FixFrame';
import { Starts } from './Starts';

interface Props extends FixProps {
  question: ShapesQuestion;
  classes: readonly LabelClass[];
  index: ClassIndex;
}

/** One annotator's shapes corrected with the tools of the workbench, and accepted. */
export function FixShapes(props: Props) {
  const { question, classes, easel } = props;
  const [{ start, ...kept }] = useState(() => opened(props.one));
  const { desk, shapeStage, above } = useDesk({ question, classes, stage: easel, tool: 'select', ...kept });
  if (!desk) return <section className={styles.panel} />;
  return <Fixing {...props} desk={desk} above={above} stage={shapeStage} start={start} />;
}

/** The case as it was when the correction began. */
function opened(one: Case) {
  const start = startOf(one);
  const given = { kind: 'shapes' as const, shapes: [...start.shapes] as ShapeJson[] };
  return { start, session: tableOf(one, given), keptAs: () => keptAs(one) };
}

interface FixingProps extends Props {
  desk: Desk;
  above: Above;
  stage: ShapeStage | null;
  start: { from: number | null };
}

function Fixing(props: FixingProps) {
  const { one, question, classes, index, easel, desk, above, stage, start, busy } = props;
  const { onAccept, onLeave, onHide, onNote, hidden, note, error } = props;
  const { i18n } = useTranslation();
  const { editor } = desk;
  const state = useSyncExternalStore(desk.subscribe, desk.snapshot);
  const narrow = useMediaQuery('(max-width: 62em)') ?? false;
  const search = useRef<HTMLInputElement>(null);
  const chosenStart = useRef(start.from);
  const hand = { desk, shapeStage: stage, stage: easel, question, index };
  const { still } = useHand({ ...hand, readOnly: busy, skipping: false });

  const accept = async () => {
    const answer = busy ? null : desk.collect();
    const { task } = desk;
    if (!answer || task === null) return;
    desk.sending();
    const shapes = answer.kind === 'shapes' ? answer.shapes : [];
    await desk.settled(task, await onAccept(answer, madeOf(one, shapes, chosenStart.current)));
  };
  const submit = () => editor.errands.answerWhenStill(() => void accept());
  const pick = (key: string) => {
    if (!busy) editor.setClass(key);
  };
  useFixActions({
    index,
    easel,
    timeline: desk.timeline,
    busy,
    pick,
    accept: submit,
    leave: onLeave,
    search: () => search.current?.focus(),
  });
  const handleStart = (given: GivenAnswer) => {
    const { shapes } = shapesFromJson([...shapesOf(given.answer)]);
    chosenStart.current = given.id;
    editor.commit({ ...editor.document, shapes }, 'start', { selection: [] });
  };
  const handleAdd = (given: GivenAnswer) =>
    desk.saidLeft(paste(editor, shapesFromJson([...shapesOf(given.answer)]).shapes).left);

  const rail = <ToolRail desk={desk} question={question} disabled={busy} flat={narrow} />;
  return (
    <FixFrame
      asked={question.titles?.[i18n.language] ?? question.title}
      {...{ busy, error, note, onNote, onLeave }}
      ready={state.ready}
      accept={submit}
    >
      {!narrow && props.rail && createPortal(rail, props.rail)}
      {narrow && rail}
      <Starts
        answers={counted(one)}
        hidden={hidden}
        disabled={still}
        onHide={onHide}
        onStart={handleStart}
        onAdd={handleAdd}
      />
      <DeskTools
        desk={desk}
        stage={stage}
        question={question}
        classes={classes}
        index={index}
        above={above}
        search={search}
        away={busy}
        still={still}
        onPick={pick}
      />
    </FixFrame>
  );
}
