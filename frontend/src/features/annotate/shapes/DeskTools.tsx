import { lazy, type RefObject, Suspense, useMemo, useSyncExternalStore } from 'react';
import type { ShapeStage } from '@/engine/ShapeStage';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import type { LabelClass } from '@/shared/classes/LabelClass';
import { ClassPanel } from '../components/ClassPanel';
import { AttributeFields } from './AttributeFields';
import type { Above, Desk } from './Desk';
import { type ShapesQuestion, toolsFor } from './question';
import { Said } from './Said';
import { ShapeList } from './ShapeList';
import styles from './Shapes.module.css';
import { ToolSettings } from './ToolSettings';
import { useShapeWords } from './useShapeWords';

const HandBar = lazy(() => import('./HandBar').then((m) => ({ default: m.HandBar })));

interface Props {
  desk: Desk;
  stage: ShapeStage | null;
  question: ShapesQuestion;
  classes: readonly LabelClass[];
  index: ClassIndex;
  above: Above;
  search: RefObject<HTMLInputElement | null>;
  /** Classes cannot be chosen now. */
  away: boolean;
  /** Nothing may be changed now. */
  still: boolean;
  onPick: (key: string, stamp: number) => void;
  /** False among other answers. */
  alone?: boolean;
}

/** What stands beside the picture while one draws: classes, the tool's settings, the shapes as a list, and what is asked of them. */
export function DeskTools(props: Props) {
  const { desk, stage, question, classes, index, above, search, away, still, onPick, alone = true } = props;
  const { editor } = desk;
  const { classKey, selection, hasNetwork } = useSyncExternalStore(editor.subscribe, editor.snapshot);
  const { faults } = useSyncExternalStore(desk.subscribe, desk.snapshot);
  const words = useShapeWords(index, question.attributes);
  const order = useMemo(() => classes.filter((c) => c.selectable).map((c) => c.key), [classes]);
  const chosen = [...new Set(editor.chosen.map((shape) => shape.classKey))];
  return (
    <>
      <div className={styles.chooser}>
        <ClassPanel
          index={index}
          chosen={selection.size > 0 ? chosen : [classKey]}
          disabled={away}
          multiple={false}
          search={search}
          onPick={onPick}
        />
      </div>
      <ToolSettings desk={desk} />
      <ShapeList {...{ desk, stage, words, order, faults, alone }} disabled={still} />
      <AttributeFields desk={desk} question={question} above={above} disabled={still} />
      <Suspense>
        <HandBar desk={desk} place={stage?.host.parentElement ?? null} disabled={still} />
      </Suspense>
      <Said desk={desk} words={words} tools={toolsFor(question, hasNetwork)} />
    </>
  );
}
