import { useDisclosure } from '@mantine/hooks';
import { IconMaximize, IconZoomIn, IconZoomOut } from '@tabler/icons-react';
import { lazy, Suspense, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import type { Outbox } from '@/sync/outbox';
import { AnswerPanel } from './components/AnswerPanel';
import { BottomStrip } from './components/BottomStrip';
import { LookTools } from './components/LookTools';
import { Nothing } from './components/Nothing';
import { Picture } from './components/Picture';
import { RemarkPin } from './components/RemarkPin';
import { SideSheets } from './components/SideSheets';
import { Tool, TopBar } from './components/TopBar';
import { type BodyKeys, toBody } from './shapes/bodyKeys';
import type { WorkSession } from './state/session';
import type { Stage } from './state/stage';
import type { Answer, Workbench as WorkbenchData } from './types';
import { useAnswerWords } from './useAnswerWords';
import { useCrosshair } from './useCrosshair';
import { useAnswerActions, useWorkbenchActions } from './useWorkbenchActions';
import styles from './WorkbenchPage.module.css';

const ShapeBody = lazy(() => import('./shapes/ShapeBody').then((m) => ({ default: m.ShapeBody })));
const FieldBody = lazy(() => import('./fields/FieldBody').then((m) => ({ default: m.FieldBody })));
const Undoing = lazy(() => import('./undo/Undoing').then((m) => ({ default: m.Undoing })));
const SeveralBody = lazy(() => import('./several/SeveralBody').then((m) => ({ default: m.SeveralBody })));
/** What answers a question that is no choice. */
const BODIES = { shapes: ShapeBody, number: FieldBody, text: FieldBody };

export interface WorkbenchProps {
  project: string;
  data: WorkbenchData;
  index: ClassIndex;
  outbox: Outbox;
  session: WorkSession;
  stage: Stage;
  /** To the grid, or back from it. */
  onSwitch: () => void;
}

/** Focus goes back to the page, so that the next key is a key of the workbench. */
function release(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

export function Workbench({ project, data, index, outbox, session, stage, onSwitch }: WorkbenchProps) {
  const { t } = useTranslation('annotate');
  const snapshot = useSyncExternalStore(session.subscribe, session.snapshot);
  const [skipping, setSkipping] = useState(false);
  // The field belongs to a task: the next one starts without it.
  const [commentOn, setCommentOn] = useState<number | null>(null);
  const [crosshair, setCrosshair] = useCrosshair();
  const [instructions, reading] = useDisclosure(false);
  const [outboxOpen, outboxDrawer] = useDisclosure(false);
  const search = useRef<HTMLInputElement>(null);
  const commentField = useRef<HTMLTextAreaElement>(null);
  const [rail, setRail] = useState<HTMLElement | null>(null);
  const body = useRef<BodyKeys | null>(null);
  const { question, auto_submit: auto } = data.queue;
  const commenting = commentOn !== null && commentOn === snapshot.current?.task;
  const multiple = question.kind === 'multiple_choice';
  const several = data.asked?.length ? data.asked : null;
  const drawing = several
    ? several.some((one) => one.question.kind === 'shapes')
    : question.kind === 'shapes';
  const Body = question.kind in BODIES ? BODIES[question.kind as keyof typeof BODIES] : null;

  const wordsOf = useAnswerWords(data);
  const give = (answer: Answer, stamp: number) => {
    if (!session.snapshot().current) return;
    // An answer to a picture that is not on the screen says nothing about it.
    if (answer.kind !== 'skip' && stage.picture() !== 'shown') return;
    stage.timer.begin(stamp);
    setSkipping(false);
    release();
    void session.submit(answer, wordsOf(answer));
  };
  const toggle = (key: string) => {
    const { classes } = session.snapshot().draft;
    const full = question.max_choices != null && classes.length >= question.max_choices;
    if (!full || classes.includes(key)) session.toggle(key);
  };
  const on = {
    pick: (key: string, stamp: number) => {
      if (multiple) toggle(key);
      else if (auto) give({ kind: 'class', classes: [key] }, stamp);
      else session.choose(key);
    },
    submit: (stamp: number) => {
      const { classes } = session.snapshot().draft;
      if (classes.length > 0) give({ kind: 'class', classes: [...classes] }, stamp);
    },
    none: (stamp: number) => give({ kind: 'none_of_these' }, stamp),
    cannotTell: (stamp: number) => give({ kind: 'cannot_tell' }, stamp),
    skip: (reason: string, stamp: number) => give({ kind: 'skip', reason }, stamp),
    setSkipping,
    setComment: (comment: string) => session.comment(comment),
    previous: () => session.previous(),
    next: () => session.next(),
    flag: () => session.flag(),
    comment: () => {
      setCommentOn(session.snapshot().current?.task ?? null);
      requestAnimationFrame(() => commentField.current?.focus());
    },
    instructions: reading.toggle,
    hush: () => session.hush(),
    search: () => search.current?.focus(),
    grid: question.kind.endsWith('choice') && !several ? onSwitch : null,
  };
  // A text and a record have letters to enlarge, and neither pixels nor colours.
  const written = Boolean(snapshot.current?.item.content_url);
  useWorkbenchActions({ stage, written, skipping, on });
  const answering = Body ? { ...on, ...toBody(body) } : on;
  useAnswerActions({ question: several ? null : question, index, skipping, on: answering });
  const panel = {
    index,
    snapshot,
    skipping,
    commenting: commenting || snapshot.draft.comment !== '',
    search,
    commentField,
    on,
    undoing: (
      <Suspense>
        <Undoing
          session={session}
          skipping={skipping}
          goesBack={!Body && !several}
          // Where one only draws they stand with the shapes.
          shown={several !== null || question.kind !== 'shapes'}
        />
      </Suspense>
    ),
  };

  return (
    <main className={styles.bench}>
      <TopBar
        project={project}
        queueName={data.queue.name}
        snapshot={snapshot}
        skipping={skipping}
        commenting={commenting}
        on={{ ...on, skip: () => setSkipping(!skipping) }}
      />
      <nav ref={setRail} className={styles.tools} aria-label={t('group.view')}>
        <Tool label={t('action.fit')} action="fit" onClick={() => stage.fit()}>
          <IconMaximize size={18} />
        </Tool>
        {!written && (
          <Tool label={t('action.actualSize')} action="actualSize" onClick={() => stage.view?.actualSize()}>
            <span style={{ fontSize: 12, fontWeight: 600 }}>1:1</span>
          </Tool>
        )}
        <Tool label={t('action.zoomIn')} action="zoomIn" onClick={() => stage.zoom(1.25)}>
          <IconZoomIn size={18} />
        </Tool>
        <Tool label={t('action.zoomOut')} action="zoomOut" onClick={() => stage.zoom(0.8)}>
          <IconZoomOut size={18} />
        </Tool>
        {!written && <LookTools stage={stage} crosshair={crosshair} setCrosshair={setCrosshair} />}
      </nav>
      <div className={styles.stage}>
        <Picture stage={stage} snapshot={snapshot} crosshair={crosshair} drawing={drawing} />
        <RemarkPin stage={stage} work={snapshot.current} />
        <Nothing project={project} session={session} />
      </div>
      <Suspense fallback={<section className={styles.panel} />}>
        {several ? (
          <SeveralBody {...panel} asked={several} data={data} session={session} stage={stage} rail={rail} />
        ) : Body ? (
          <Body {...panel} data={data} session={session} stage={stage} rail={rail} keys={body} />
        ) : (
          <AnswerPanel {...panel} question={question} auto={auto} />
        )}
      </Suspense>
      <BottomStrip
        outbox={outbox}
        session={session}
        stage={stage}
        snapshot={snapshot}
        onOpenOutbox={outboxDrawer.open}
      />
      <SideSheets
        outbox={outbox}
        instructions={data.queue.instructions}
        instructionsOpen={instructions}
        outboxOpen={outboxOpen}
        onCloseInstructions={reading.close}
        onCloseOutbox={outboxDrawer.close}
      />
    </main>
  );
}
