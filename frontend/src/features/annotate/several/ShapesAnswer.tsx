import { useMediaQuery } from '@mantine/hooks';
import { type RefObject, useEffect, useMemo } from 'react';
import { createPortal } from 'react-dom';
import type { ShapeStage } from '@/engine/ShapeStage';
import type { ToolName } from '@/engine/tools/tool';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import type { LabelClass } from '@/shared/classes/LabelClass';
import type { Above, Desk, Easel, Table } from '../shapes/Desk';
import { DeskTools } from '../shapes/DeskTools';
import type { ShapesQuestion } from '../shapes/question';
import { ToolRail } from '../shapes/ToolRail';
import { type Drawing, useDesk, useHand } from '../shapes/useDrawing';
import styles from './Several.module.css';
import { partOf, type Sheet } from './Sheet';

interface Props {
  sheet: Sheet;
  question: ShapesQuestion;
  index: ClassIndex;
  stage: Easel;
  search: RefObject<HTMLInputElement | null>;
  rail: HTMLElement | null;
  /** Nothing is on the table. */
  idle: boolean;
  readOnly: boolean;
  skipping: boolean;
  /** Keys of the classes of the question that has the focus. */
  reserved: readonly string[];
  classes: readonly LabelClass[];
  desk: Desk;
  shapeStage: ShapeStage | null;
  above: Above;
}

interface DeskProps {
  sheet: Sheet;
  question: ShapesQuestion;
  classes: readonly LabelClass[];
  session: Table;
  stage: Easel;
  keptAs: ((task: number) => string) | undefined;
  tool: ToolName | undefined;
  /** The question is asked now. */
  asked: boolean;
  /** The same function on every render. */
  onDrawing: (drawing: Drawing) => void;
}

/**
 * The desk of the question for shapes, there while other answers keep it from being asked: what is drawn comes back with
 * the question, and so does every step of it.
 */
export function ShapesDesk({ sheet, question, classes, asked, onDrawing, ...options }: DeskProps) {
  const { key } = question;
  const given = useMemo(() => partOf(key), [key]);
  const { desk, shapeStage, above } = useDesk({ question, classes, given, shown: asked, ...options });
  useSheet(sheet, desk, key);
  useEffect(() => onDrawing({ desk, shapeStage, above }), [desk, shapeStage, above, onDrawing]);
  return null;
}

/** Tells the sheet what is drawn. */
function useSheet(sheet: Sheet, desk: Desk | null, key: string): void {
  useEffect(() => {
    if (!desk) return;
    let last: unknown = null;
    const tell = () => {
      const { document, undoLabel, redoLabel } = desk.editor.snapshot();
      if (document === last) return;
      last = document;
      const drawn = [...new Set(document.shapes.map((shape) => shape.classKey))];
      sheet.drew(key, drawn, undoLabel !== null || redoLabel !== null);
    };
    sheet.desk = desk;
    tell();
    const stop = desk.editor.subscribe(tell);
    return () => {
      stop();
      if (sheet.desk === desk) sheet.desk = null;
    };
  }, [sheet, desk, key]);
}

/** The question for shapes among several: drawn on the picture, with its list among the other answers. */
export function ShapesAnswer(props: Props) {
  const { sheet, question, classes, index, stage, search, rail, idle, readOnly, skipping, reserved } = props;
  const { desk, shapeStage, above } = props;
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const { key } = question;
  const options = { desk, shapeStage, stage, question, index, readOnly, skipping, reserved };
  const { host, away, still } = useHand(options);
  useEffect(() => {
    // Whoever touches the picture means this question.
    const take = () => sheet.activate(key, false);
    host?.addEventListener('focusin', take);
    host?.addEventListener('pointerdown', take);
    return () => {
      host?.removeEventListener('focusin', take);
      host?.removeEventListener('pointerdown', take);
    };
  }, [host, sheet, key]);
  const tools = <ToolRail desk={desk} question={question} disabled={away} flat={narrow} />;
  return (
    <>
      {!narrow && rail && createPortal(tools, rail)}
      {narrow && tools}
      <div className={styles.drawing}>
        <DeskTools
          desk={desk}
          stage={shapeStage}
          question={question}
          classes={classes}
          index={index}
          above={above}
          search={search}
          away={idle || away}
          still={still}
          onPick={(classKey) => sheet.pick(key, classKey, false)}
          alone={false}
        />
      </div>
    </>
  );
}
