import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { classLooks } from '@/engine/render/look';
import { ShapeStage } from '@/engine/ShapeStage';
import type { ToolName } from '@/engine/tools/tool';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import type { LabelClass } from '@/shared/classes/LabelClass';
import { useUser } from '@/shared/hooks/useSession';
import { CATEGORICAL } from '@/shared/ui/classColour';
import type { Answer } from '../types';
import { type Above, Desk, type Easel, type Table } from './Desk';
import { pathsOf, type ShapesQuestion } from './question';
import { useNetwork } from './useNetwork';
import { useShapeActions } from './useShapeActions';
import { useShapeKeys } from './useShapeKeys';

interface DeskOptions {
  question: ShapesQuestion;
  classes: readonly LabelClass[];
  session: Table;
  stage: Easel;
  /** The answer to this question in the answer to the task; the same function on every render. */
  given?: ((answer: Answer | null) => Answer | null) | undefined;
  /** Under which name what is drawn is kept in the browser; the same function on every render. */
  keptAs?: ((task: number) => string) | undefined;
  /** What is in the hand at first; a drawing tool of the question when nothing is said. */
  tool?: ToolName | undefined;
  /** What is drawn is on the picture and can be changed; the desk has it in any case. */
  shown?: boolean;
}

export interface Drawing {
  desk: Desk | null;
  shapeStage: ShapeStage | null;
  above: Above;
}

const selectable = (classes: readonly LabelClass[]) =>
  classes.filter((one) => one.selectable).map(({ key }) => key);

/** The desk and its stage, from the first picture to the last. */
export function useDesk(options: DeskOptions): Drawing {
  const { question, classes, session, stage, given, keptAs, tool, shown = true } = options;
  const user = String(useUser().id);
  const above = useMemo(() => pathsOf(classes), [classes]);
  const [desk, setDesk] = useState<Desk | null>(null);
  const [shapeStage, setShapeStage] = useState<ShapeStage | null>(null);
  const engine = useSyncExternalStore(stage.subscribe, () => stage.view);
  useEffect(() => {
    const about = { user, question, classes: selectable(classes), above, session, stage };
    const next = new Desk({ ...about, ...(given ? { given } : {}), ...(keptAs ? { keptAs } : {}) });
    if (tool) next.editor.use(tool);
    next.start();
    setDesk(next);
    return () => next.stop();
  }, [user, question, above, classes, session, stage, given, keptAs, tool]);
  useEffect(() => {
    const host = engine?.canvas.parentElement;
    if (!desk || !engine || !host || !shown) return;
    const drawing = new ShapeStage(host, engine, desk.editor, classLooks(selectable(classes), CATEGORICAL));
    setShapeStage(drawing);
    return () => {
      desk.editor.errands.drop();
      desk.editor.cancel();
      drawing.destroy();
      setShapeStage(null);
    };
  }, [desk, engine, classes, shown]);
  return { desk, shapeStage, above };
}

interface HandOptions {
  desk: Desk;
  shapeStage: ShapeStage | null;
  stage: Pick<Easel, 'view'>;
  question: ShapesQuestion;
  index: ClassIndex;
  readOnly: boolean;
  skipping: boolean;
  /** Keys of the classes of another question that has the focus: they keep them. */
  reserved?: readonly string[];
}

/** The keys of the hand that draws, and the picture as something that can be drawn on. */
export function useHand({ desk, shapeStage, stage, question, index, ...options }: HandOptions) {
  const { readOnly, skipping, reserved = [] } = options;
  const { ready } = useSyncExternalStore(desk.subscribe, desk.snapshot);
  // Tool and class may be chosen before the picture is there.
  const away = readOnly || skipping;
  const still = away || !ready;
  const host = stage.view?.canvas.parentElement ?? null;
  useEffect(() => {
    // Who may not change an answer any more may still look at it.
    if (shapeStage) shapeStage.panning = readOnly;
  }, [shapeStage, readOnly]);
  useEffect(() => {
    if (!host) return;
    host.tabIndex = 0;
    host.setAttribute('role', 'application');
    return () => {
      host.removeAttribute('tabindex');
      host.setAttribute('role', 'img');
    };
  }, [host]);
  useNetwork(desk);
  useShapeKeys({ desk, shapeStage, host, enabled: !away });
  useShapeActions({ desk, stage: shapeStage, question, index, away, still, reserved });
  return { host, away, still };
}
