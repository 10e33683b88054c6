import { useMediaQuery } from '@mantine/hooks';
import {
  type ComponentProps,
  type RefObject,
  useEffect,
  useImperativeHandle,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { classLooks } from '@/engine/render/look';
import { ShapeStage } from '@/engine/ShapeStage';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import { useUser } from '@/shared/hooks/useSession';
import { CATEGORICAL } from '@/shared/ui/classColour';
import { type AnswerHandlers, AnswerPanel } from '../components/AnswerPanel';
import type { WorkSession } from '../state/session';
import type { Stage } from '../state/stage';
import type { Answer, Workbench } from '../types';
import type { BodyKeys } from './bodyKeys';
import { type Above, Desk } from './Desk';
import { DeskTools } from './DeskTools';
import { isShapesQuestion, pathsOf, type ShapesQuestion } from './question';
import styles from './Shapes.module.css';
import { ToolRail } from './ToolRail';
import { useShapeActions } from './useShapeActions';
import { useShapeKeys } from './useShapeKeys';

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
  /** Where the tools stand; null where there is no room for a rail. */
  rail: HTMLElement | null;
  keys: RefObject<BodyKeys | null>;
}

/** The desk and its stage, from the first picture to the last. */
function useDesk({ data, session, stage }: BodyProps, question: ShapesQuestion, above: Above) {
  const user = String(useUser().id);
  const [desk, setDesk] = useState<Desk | null>(null);
  const [shapeStage, setShapeStage] = useState<ShapeStage | null>(null);
  useEffect(() => {
    const classes = data.classes.filter(({ selectable }) => selectable).map(({ key }) => key);
    const next = new Desk({ user, question, classes, above, session, stage });
    next.start();
    setDesk(next);
    const engine = stage.view;
    const host = engine?.canvas.parentElement ?? null;
    const drawing =
      engine && host ? new ShapeStage(host, engine, next.editor, classLooks(classes, CATEGORICAL)) : null;
    setShapeStage(drawing);
    return () => {
      next.stop();
      drawing?.destroy();
    };
  }, [user, question, above, data.classes, session, stage]);
  return { desk, shapeStage };
}

/** The body of the workbench for a question that is answered by drawing. */
export function ShapeBody(props: BodyProps) {
  const { question } = props.data.queue;
  const above = useMemo(() => pathsOf(props.data.classes), [props.data.classes]);
  if (!isShapesQuestion(question)) throw new Error('This question is not answered by drawing.');
  const { desk, shapeStage } = useDesk(props, question, above);
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
  // Tool and class may be chosen before the picture is there.
  const away = readOnly || skipping;
  const still = away || !state.ready;
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
  useShapeKeys({ desk, shapeStage, host, enabled: !away });
  useShapeActions({ desk, stage: shapeStage, question, index, away, still });

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
  const handlers: BodyKeys = {
    pick: (key) => !away && editor.setClass(key),
    submit: (stamp) => void give(desk.collect(), stamp),
    none: (stamp) => void give(desk.none(), stamp),
    cannotTell: (stamp) => void give(desk.setAside({ kind: 'cannot_tell' }), stamp),
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
