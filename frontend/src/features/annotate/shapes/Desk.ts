import type { Draft } from '@/engine/draft';
import { fromDraft } from '@/engine/draft';
import { Editor } from '@/engine/editor';
import { emptyDocument, type ShapeDocument } from '@/engine/model/document';
import { shapesFromJson, shapesToJson } from '@/engine/model/json';
import type { Shape } from '@/engine/model/shapes';
import type { Fault } from '@/engine/model/validate';
import type { Refusal } from '@/engine/tools/tool';
import { deleteDraft, loadDraft, saveDraft } from '@/sync/drafts';
import { wholeOf } from '@/sync/pictures';
import { objectFinder } from '@/workers/objectFinder';
import { pageEyes } from '@/workers/pageEyes';
import type { WorkSession } from '../state/session';
import type { Stage } from '../state/stage';
import type { Work } from '../state/work';
import type { Answer } from '../types';
import { type Step, type Timeline, timelineOf } from '../undo/Timeline';
import { carriedBy, type DeskFault, missingAttributes } from './faults';
import { PictureReader } from './PictureReader';
import { type ShapesQuestion, toolsFor } from './question';

/**
 * Drawing at one queue, without React: puts the shapes of each task on its picture, keeps what is drawn in the browser when
 * the hand rests, and makes the answer of it.
 */

/** What a second press is waited for. */
export type Asked = 'empty' | 'throw_away' | null;

/** A tool could not do what was asked, or something is only half drawn. */
export interface Refused {
  readonly why: Refusal | 'unfinished';
  readonly fault: Fault | null;
}

export interface DeskState {
  /** A picture is on the table and may be drawn on. */
  readonly ready: boolean;
  /** What keeps the shapes from being sent; looked for when they are to be sent, and then after each change. */
  readonly faults: readonly DeskFault[];
  readonly complaint: Refused | null;
  readonly asked: Asked;
  /** What was drawn on an earlier visit is back. */
  readonly restored: boolean;
  /** Shapes that were copied and did not fit into this picture. */
  readonly left: number;
}

export type Above = (classKey: string) => readonly string[];

/** Where the desk learns which task is on the table. A sitting of the workbench is one, a reviewer's correction another. */
export type Table = Pick<WorkSession, 'onCurrent'> & {
  snapshot: () => { readonly current: Work | null; readonly readOnly?: boolean };
  /** What was done there, shapes among it. */
  timeline?: Timeline | null;
};

/** What shows the picture. */
export type Easel = Pick<Stage, 'picture' | 'subscribe' | 'view'>;

export interface DeskOptions {
  user: string;
  question: ShapesQuestion;
  /** Classes that may be chosen now. */
  classes: readonly string[];
  /** Keys from a class's parent up to its root. */
  above: Above;
  session: Table;
  stage: Easel;
  /** The answer to this question in the answer to the task. */
  given?: (answer: Answer | null) => Answer | null;
  /** Under which name what is drawn for a task is kept in the browser. */
  keptAs?: (task: number) => string;
}

interface Kept {
  revision: number;
  drawn: Draft;
}

const REST_MS = 400;
const CHECK_MS = 150;
const IDLE: DeskState = { ready: false, faults: [], complaint: null, asked: null, restored: false, left: 0 };

function isKept(value: unknown): value is Kept {
  return typeof value === 'object' && value !== null && 'revision' in value && 'drawn' in value;
}

export class Desk {
  readonly editor: Editor;
  /** Undo and redo of shapes with all else that is done at this table. */
  readonly timeline: Timeline;
  /** Shapes that were copied, of this picture or an earlier one. */
  clipboard: readonly Shape[] = [];
  private state = IDLE;
  private work: Work | null = null;
  private opened: Work | null = null;
  private document: ShapeDocument | null = null;
  /** Since the picture was opened, and since it was last kept. */
  private touched = false;
  private unkept = false;
  private sent: number | null = null;
  /** Of the editor, as far as the timeline has them; and the last of them. */
  private steps = 0;
  private step: Step | null = null;
  private rest: ReturnType<typeof setTimeout> | undefined;
  private look: ReturnType<typeof setTimeout> | undefined;
  private readonly reader = new PictureReader();
  private readonly listeners = new Set<() => void>();
  private stops: (() => void)[] = [];

  constructor(private readonly options: DeskOptions) {
    const { question, classes } = options;
    this.timeline = timelineOf(options.session);
    const polygons = question.tools.includes('polygon');
    this.editor = new Editor({
      templates: question.skeletons,
      rules: { classes: new Set(classes) },
      settings: { wandGivesPolygon: polygons },
      assistant: objectFinder(),
      eyes: pageEyes,
    });
    const [only, ...others] = classes;
    if (only !== undefined && others.length === 0) this.editor.setClass(only);
    this.editor.use(toolsFor(question, false)[1] ?? 'select');
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): DeskState => this.state;

  start(): void {
    const { session, stage } = this.options;
    this.stops = [
      session.onCurrent((work) => {
        this.work = work;
        this.follow();
      }),
      stage.subscribe(() => this.follow()),
      this.editor.subscribe(() => this.changed()),
      this.editor.onComplaint((complaint) => this.set({ complaint })),
      this.timeline.subscribe(() => {
        // A nudge, a choice and a nudge are three steps.
        if (this.timeline.last !== this.step) this.editor.seal();
      }),
    ];
    this.timeline.half = () => this.editor.busy && this.editor.undo();
    window.addEventListener('pagehide', this.keepNow);
    document.addEventListener('visibilitychange', this.keepNow);
    this.work = session.snapshot().current;
    this.follow();
  }

  stop(): void {
    this.keepNow();
    for (const stop of this.stops) stop();
    this.stops = [];
    this.timeline.half = () => false;
    clearTimeout(this.look);
    window.removeEventListener('pagehide', this.keepNow);
    document.removeEventListener('visibilitychange', this.keepNow);
  }

  /** The answer, or null: then the state says what is missing or what is asked. `again`: the question was answered. */
  collect(): Answer | null {
    if (!this.state.ready) return null;
    if (this.editor.busy) {
      this.set({ complaint: { why: 'unfinished', fault: null } });
      return null;
    }
    const { question, above } = this.options;
    const { shapes } = this.editor.document;
    if (shapes.length === 0) return this.none();
    const faults = this.check();
    this.set({ faults, asked: null });
    const [first] = faults;
    if (first) {
      if (first.shapeId !== null) this.editor.select([first.shapeId]);
      return null;
    }
    const carried = shapes.map((shape) => carriedBy(question, shape, above(shape.classKey)));
    return { kind: 'shapes', shapes: shapesToJson(carried) };
  }

  /** "There is nothing here", the second time it is said. */
  none(): Answer | null {
    const { question } = this.options;
    if (!this.state.ready) return null;
    if (this.editor.document.shapes.length > 0) return this.setAside({ kind: 'none_of_these' });
    if (!question.allow_none) {
      this.set({ faults: [{ code: 'nothing_drawn', shapeId: null, index: -1 }] });
      return null;
    }
    return this.confirmed('empty') ? { kind: 'none_of_these' } : null;
  }

  /** An answer that throws away what was drawn: asked for twice. */
  setAside(answer: Answer): Answer | null {
    if (!this.state.ready) return null;
    if (this.editor.document.shapes.length === 0) return answer;
    return this.confirmed('throw_away') ? answer : null;
  }

  private confirmed(what: Asked): boolean {
    if (this.state.asked === what) return true;
    this.set({ asked: what, faults: [], complaint: null });
    return false;
  }

  /** Takes back the question whether it is meant so. */
  forget(): void {
    if (this.state.asked || this.state.complaint) this.set({ asked: null, complaint: null });
  }

  saidLeft(left: number): void {
    this.set({ left });
  }

  /** The answer is on its way: what was drawn need not be kept. Undone by `kept` when it could not be stored. */
  sending(): void {
    clearTimeout(this.rest);
    this.sent = this.opened?.task ?? null;
  }

  /** Whether the answer that was on its way is in the outbox. */
  async settled(task: number, stored: boolean): Promise<void> {
    if (stored) await deleteDraft(this.options.user, this.keyOf(task)).catch(() => undefined);
    this.sent = null;
  }

  /** The task whose shapes lie on the desk. */
  get task(): number | null {
    return this.opened?.task ?? null;
  }

  /** Where the picture on the desk comes from as a whole; null of one that is looked at in parts. */
  readonly picture = (): string | null => this.opened && wholeOf(this.opened.item);

  private check(): DeskFault[] {
    const { question, above } = this.options;
    const { shapes } = this.editor.document;
    const most = question.max_shapes;
    const many: DeskFault[] =
      most !== null && shapes.length > most
        ? [{ code: 'too_many_shapes', shapeId: null, index: -1, count: most }]
        : [];
    return [...many, ...this.editor.faults(), ...missingAttributes(question, shapes, above)];
  }

  /** Opens the task on the table when its picture is there, and clears the desk when it is not. */
  private follow(): void {
    const { stage } = this.options;
    const picture = stage.picture() === 'shown' ? (stage.view?.picture ?? null) : null;
    const { work } = this;
    if (work && picture && this.opened?.task === work.task && this.opened.revision === work.revision) return;
    if (!this.opened && !(work && picture)) return;
    this.keepNow();
    this.reader.forget();
    this.touched = false;
    this.unkept = false;
    this.opened = work && picture ? work : null;
    this.set({ ...IDLE, ready: this.opened !== null });
    if (!work || !picture) {
      this.show(emptyDocument({ width: 1, height: 1 }));
      return;
    }
    const given = this.givenIn(work);
    const { shapes } = shapesFromJson(given?.kind === 'shapes' ? given.shapes : []);
    const { width, height } = picture;
    this.show({ width, height, shapes });
    void this.restore(work, { width, height });
  }

  private givenIn({ given }: Work): Answer | null {
    return this.options.given ? this.options.given(given) : given;
  }

  /** What is opened is no change. */
  private show(document: ShapeDocument): void {
    this.document = document;
    this.steps = 0;
    this.editor.open(document, () => this.reader.read(this.options.stage.view));
  }

  private async restore(work: Work, size: { width: number; height: number }): Promise<void> {
    const kept = await loadDraft(this.options.user, this.keyOf(work.task)).catch(() => null);
    if (!isKept(kept) || this.opened !== work || this.touched) return;
    // What was drawn before a newer answer that has shapes of its own is of the past.
    if (kept.revision !== work.revision && this.givenIn(work)?.kind === 'shapes') return;
    const found = fromDraft(kept.drawn, size);
    if ('refused' in found) return;
    this.show(found.document);
    this.editor.select(found.selection);
    this.set({ restored: found.document.shapes.length > 0 });
  }

  private changed(): void {
    if (this.editor.document === this.document || !this.opened) return;
    this.document = this.editor.document;
    this.remember();
    this.touched = true;
    this.unkept = true;
    clearTimeout(this.rest);
    this.rest = setTimeout(this.keepNow, REST_MS);
    const { faults, asked, complaint, left } = this.state;
    if (faults.length > 0) {
      clearTimeout(this.look);
      this.look = setTimeout(() => this.set({ faults: this.check() }), CHECK_MS);
    }
    if (asked || complaint || left > 0) this.set({ asked: null, complaint: null, left: 0 });
  }

  /** A step of the editor is one of all that is done here. */
  private remember(): void {
    const { steps } = this.editor.snapshot();
    if (steps === this.steps) return;
    this.steps = steps;
    const travel = (way: 'undo' | 'redo') => {
      if (this.stops.length === 0) return false;
      // As long as something is on its way the editor does nothing again, and the step would be taken for gone.
      this.editor.errands.drop();
      return this.editor[way]();
    };
    this.step = { undo: () => travel('undo'), redo: () => travel('redo') };
    this.timeline.did(this.step);
  }

  /** Writes what is drawn into the browser, when there is something new. */
  private readonly keepNow = (): void => {
    clearTimeout(this.rest);
    const { opened } = this;
    if (!opened || !this.unkept || this.sent === opened.task) return;
    this.unkept = false;
    const kept: Kept = { revision: opened.revision, drawn: this.editor.draft() };
    saveDraft(this.options.user, this.keyOf(opened.task), kept).catch(() => undefined);
  };

  private set(change: Partial<DeskState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }

  /** Beside the draft of the session, which has class, comment and flag of the same task. */
  private keyOf(task: number): string {
    return this.options.keptAs?.(task) ?? `${task}:shapes`;
  }
}
