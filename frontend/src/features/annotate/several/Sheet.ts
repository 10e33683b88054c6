import { deleteDraft, loadDraft, saveDraft } from '@/sync/drafts';
import { type FieldFault, isFieldQuestion, readField, typedOf } from '../fields/checkField';
import type { Desk, Table } from '../shapes/Desk';
import type { Work } from '../state/work';
import type { Answer, Question } from '../types';
import { type Step, type Timeline, timelineOf } from '../undo/Timeline';
import { askedNow, type Conditioned } from './conditions';

/**
 * The answers to several questions about the task on the table, without React: which are asked, which has the focus, what
 * is still missing. What is chosen and typed is kept in the browser when the hand rests.
 */

export interface SheetQuestion extends Conditioned {
  question: Question;
}

/** An answer under way. What is drawn lies on the desk. */
export type Part =
  | { kind: 'class'; classes: readonly string[] }
  | { kind: 'typed'; text: string }
  | { kind: 'none_of_these' }
  | { kind: 'cannot_tell' };

/** Why a question keeps the answers from being sent. */
export type Gap = 'missing' | 'drawing' | FieldFault;

export interface SheetState {
  readonly parts: Readonly<Record<string, Part>>;
  /** Classes of what is drawn. */
  readonly drawn: readonly string[];
  /** Keys of the questions that are asked now. */
  readonly asked: readonly string[];
  /** Which of them keys and letters go to. */
  readonly active: string;
  readonly gaps: Readonly<Record<string, Gap>>;
  readonly restored: boolean;
  /** One more each time that the focus is to go to the active question. */
  readonly turn: number;
  /** The cursor goes into its field, not only to the question. */
  readonly into: boolean;
}

interface Kept {
  revision: number;
  parts: Record<string, Part>;
}

interface SheetOptions {
  user: string;
  questions: readonly SheetQuestion[];
  session: Table;
  /** Under which name what is chosen, and what is drawn, is kept in the browser. */
  keptAs?: KeptAs | undefined;
  /** Nothing is kept in the browser: questions are only tried out. */
  isTrial?: boolean;
}

/** A name for each of the two parts of an answer under way. */
export type KeptAs = (task: number, what: 'answers' | 'shapes') => string;

const REST_MS = 400;

const isKept = (value: unknown): value is Kept =>
  typeof value === 'object' &&
  value !== null &&
  'revision' in value &&
  'parts' in value &&
  typeof value.parts === 'object';

/** The answer to one question in the answer to all. */
export const partOf =
  (key: string) =>
  (given: Answer | null): Answer | null =>
    given?.kind === 'answers' ? (given.answers[key] ?? null) : null;

function partsOf(given: Answer | null): Record<string, Part> {
  if (given?.kind !== 'answers') return {};
  const parts: Record<string, Part> = {};
  for (const [key, one] of Object.entries(given.answers)) {
    if (one.kind === 'class') parts[key] = { kind: 'class', classes: one.classes };
    else if (one.kind === 'number' || one.kind === 'text') parts[key] = { kind: 'typed', text: typedOf(one) };
    else if (one.kind === 'none_of_these' || one.kind === 'cannot_tell') parts[key] = { kind: one.kind };
  }
  return parts;
}

export class Sheet {
  /** Where the one question for shapes is answered, whether it is asked now or not. */
  desk: Desk | null = null;
  /** Undo and redo of these answers with all else that is done at this table. */
  readonly timeline: Timeline;
  private state: SheetState;
  private work: Work | null = null;
  private touched = false;
  private unkept = false;
  private sent: number | null = null;
  private rest: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();
  private stopCurrent: (() => void) | null = null;

  constructor(private readonly options: SheetOptions) {
    this.timeline = timelineOf(options.session);
    this.state = this.fresh(null);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): SheetState => this.state;

  start(): void {
    const { session } = this.options;
    this.stopCurrent = session.onCurrent((work) => this.open(work));
    window.addEventListener('pagehide', this.keepNow);
    document.addEventListener('visibilitychange', this.keepNow);
    this.open(session.snapshot().current);
  }

  stop(): void {
    this.keepNow();
    this.stopCurrent?.();
    this.stopCurrent = null;
    window.removeEventListener('pagehide', this.keepNow);
    document.removeEventListener('visibilitychange', this.keepNow);
  }

  question(key: string): Question | undefined {
    return this.options.questions.find((one) => one.question.key === key)?.question;
  }

  /** Whether a question has an answer, be it good or not. */
  isAnswered(key: string): boolean {
    const part = this.state.parts[key];
    if (part?.kind === 'class') return part.classes.length > 0;
    if (part?.kind === 'typed') return part.text.trim() !== '';
    return part !== undefined || (this.question(key)?.kind === 'shapes' && this.state.drawn.length > 0);
  }

  /** Keys go to the question from now on; with `focus` the cursor goes there too. */
  activate(key: string, focus = true): void {
    const { active, turn } = this.state;
    if (focus || key !== active) this.set({ active: key, turn: focus ? turn + 1 : turn, into: true });
  }

  /** To the question before or after; false at the ends. */
  step(by: 1 | -1): boolean {
    const { asked, active } = this.state;
    const next = asked[asked.indexOf(active) + by];
    if (next === undefined) return false;
    this.activate(next);
    return true;
  }

  /** Chooses a class, or takes it back where several may apply. `onwards`: to the next question without an answer. */
  pick(key: string, classKey: string, onwards: boolean): void {
    const question = this.question(key);
    if (question?.kind === 'shapes') this.desk?.editor.setClass(classKey);
    if (!question?.kind.endsWith('choice')) return;
    const part = this.state.parts[key];
    const before = part?.kind === 'class' ? part.classes : [];
    if (question.kind === 'single_choice') {
      this.put(key, { kind: 'class', classes: [classKey] });
      if (onwards) this.goOn(key);
      return;
    }
    const full = question.max_choices != null && before.length >= question.max_choices;
    if (before.includes(classKey))
      this.put(key, { kind: 'class', classes: before.filter((one) => one !== classKey) });
    else if (!full) this.put(key, { kind: 'class', classes: [...before, classKey] });
  }

  /** "None of these" or "cannot tell", said again to take it back. What is drawn is thrown away only when said twice. */
  decline(key: string, kind: 'none_of_these' | 'cannot_tell', onwards: boolean): void {
    const act = () => this.declineNow(key, kind, onwards);
    const { desk } = this;
    if (desk && this.question(key)?.kind === 'shapes') desk.editor.errands.whenStill(act);
    else act();
  }

  private declineNow(key: string, kind: 'none_of_these' | 'cannot_tell', onwards: boolean): void {
    const question = this.question(key);
    if (!(kind === 'none_of_these' ? question?.allow_none : question?.allow_cannot_tell)) return;
    if (this.state.parts[key]?.kind === kind) {
      this.put(key, undefined);
      return;
    }
    if (question?.kind === 'shapes' && this.desk && !this.desk.setAside({ kind })) return;
    this.put(key, { kind });
    if (onwards) this.goOn(key);
  }

  /** Puts another whole answer in the place of this one; what it has drawn is put on the desk by whoever has that. */
  begin(given: Answer): void {
    if (!this.work || this.options.session.snapshot().readOnly) return;
    const { parts: before } = this.state;
    this.set({ ...this.askedWith(partsOf(given), this.state.drawn), gaps: {}, restored: false });
    this.timeline.did(this.stepFrom(before, null));
    this.changed();
  }

  type(key: string, text: string): void {
    this.put(key, { kind: 'typed', text }, `type ${key}`);
  }

  /** What lies on the desk; drawing something takes "nothing to draw" back. */
  drew(key: string, drawn: readonly string[], byHand: boolean): void {
    const same =
      drawn.length === this.state.drawn.length && drawn.every((one, at) => one === this.state.drawn[at]);
    const { parts: before } = this.state;
    const { [key]: said, ...parts } = before;
    const takenBack = byHand && said !== undefined && !this.timeline.travelling;
    if (same && !takenBack) return;
    const { [key]: _gap, ...gaps } = this.state.gaps;
    this.set({ ...this.askedWith(takenBack ? parts : before, drawn), gaps });
    if (!takenBack) return;
    this.timeline.join(this.stepFrom(before, key));
    this.changed();
  }

  /** The answer to all that is asked, or null: then the gaps say what is missing, and the first of them has the focus. */
  collect(): Answer | null {
    const answers: Record<string, Answer> = {};
    const gaps: Record<string, Gap> = {};
    for (const key of this.state.asked) {
      const found = this.read(key);
      if (typeof found === 'string') gaps[key] = found;
      else answers[key] = found;
    }
    const first = this.state.asked.find((key) => gaps[key]);
    this.set({ gaps });
    if (first === undefined) return { kind: 'answers', answers };
    this.activate(first);
    return null;
  }

  /** What was clicked is part of the answer, also when it is still on its way. */
  whenStill(act: () => void): void {
    if (this.desk) this.desk.editor.errands.answerWhenStill(act);
    else act();
  }

  /** The answer is on its way: what was chosen need not be kept. */
  sending(): void {
    clearTimeout(this.rest);
    this.sent = this.work?.task ?? null;
  }

  /** Whether the answer that was on its way is in the outbox. */
  async settled(task: number, stored: boolean): Promise<void> {
    const { user } = this.options;
    if (stored)
      await Promise.all(
        (['answers', 'shapes'] as const).map((what) =>
          deleteDraft(user, this.keyOf(task, what)).catch(() => undefined),
        ),
      );
    this.sent = null;
  }

  private read(key: string): Answer | Gap {
    const question = this.question(key);
    const part = this.state.parts[key];
    if (!question) return 'missing';
    if (part?.kind === 'none_of_these' || part?.kind === 'cannot_tell') return part;
    if (question.kind === 'shapes') return this.desk?.collect() ?? 'drawing';
    if (isFieldQuestion(question)) {
      const found = readField(question, part?.kind === 'typed' ? part.text : '');
      return found === 'empty' ? 'missing' : found;
    }
    if (part?.kind !== 'class' || part.classes.length === 0) return 'missing';
    return { kind: 'class', classes: [...part.classes] };
  }

  private goOn(from: string): void {
    const { asked } = this.state;
    const after = asked.slice(asked.indexOf(from) + 1);
    const next = [...after, ...asked].find((key) => !this.isAnswered(key));
    this.activate(next ?? from);
  }

  private put(key: string, part: Part | undefined, merge?: string): void {
    if (!this.work || this.options.session.snapshot().readOnly) return;
    const { parts: before } = this.state;
    const { [key]: old, ...rest } = before;
    const { [key]: _gap, ...gaps } = this.state.gaps;
    const parts = part ? { ...rest, [key]: part } : rest;
    this.set({ ...this.askedWith(parts, this.state.drawn), gaps, restored: false });
    // The same class again is a way on to the next question, and nothing to take back.
    if (JSON.stringify(old) !== JSON.stringify(part)) this.timeline.did(this.stepFrom(before, key, merge));
    this.changed();
  }

  /** From the answers before to those of now. `key`: the question that it was about. */
  private stepFrom(before: SheetState['parts'], key: string | null, merge?: string): Step {
    const { parts: after } = this.state;
    const step = { undo: () => this.travel(before, key), redo: () => this.travel(after, key) };
    return merge === undefined ? step : { ...step, merge };
  }

  /** Answers that were here before: questions are asked again, or no more, and one sees what has changed. */
  private travel(parts: SheetState['parts'], key: string | null): boolean {
    if (!this.stopCurrent || this.options.session.snapshot().readOnly) return false;
    const found = this.askedWith(parts, this.state.drawn);
    const active = key !== null && found.asked.includes(key) ? key : found.active;
    const turn = this.state.turn + 1;
    // Not into a field: there the next undo would be the browser's.
    this.set({ ...found, active, turn, into: false, gaps: {}, restored: false });
    this.changed();
    return true;
  }

  /** With other answers other questions may be asked; the focus stays where it still can. */
  private askedWith(parts: SheetState['parts'], drawn: readonly string[]) {
    const classesOf = (key: string): readonly string[] => {
      const part = parts[key];
      if (part) return part.kind === 'class' ? part.classes : [];
      return this.question(key)?.kind === 'shapes' ? drawn : [];
    };
    const asked = askedNow(this.options.questions, classesOf);
    const { active } = this.state ?? { active: '' };
    return { parts, drawn, asked, active: asked.includes(active) ? active : (asked[0] ?? '') };
  }

  private fresh(work: Work | null): SheetState {
    const found = this.askedWith(partsOf(work?.given ?? null), []);
    const turn = (this.state?.turn ?? 0) + 1;
    return { ...found, active: found.asked[0] ?? '', gaps: {}, restored: false, turn, into: true };
  }

  private open(work: Work | null): void {
    this.keepNow();
    this.work = work;
    this.touched = false;
    this.unkept = false;
    this.set(this.fresh(work));
    if (work) void this.restore(work);
  }

  private async restore(work: Work): Promise<void> {
    if (this.options.isTrial) return;
    const kept = await loadDraft(this.options.user, this.keyOf(work.task)).catch(() => null);
    if (!isKept(kept) || this.work !== work || this.touched || kept.revision !== work.revision) return;
    this.set({ ...this.askedWith(kept.parts, this.state.drawn), restored: true });
  }

  private changed(): void {
    this.touched = true;
    this.unkept = true;
    clearTimeout(this.rest);
    this.rest = setTimeout(this.keepNow, REST_MS);
  }

  /** Writes what is chosen and typed into the browser, when there is something new. */
  private readonly keepNow = (): void => {
    clearTimeout(this.rest);
    const { work } = this;
    if (!work || !this.unkept || this.sent === work.task || this.options.isTrial) return;
    this.unkept = false;
    const kept: Kept = { revision: work.revision, parts: { ...this.state.parts } };
    saveDraft(this.options.user, this.keyOf(work.task), kept).catch(() => undefined);
  };

  /** Beside the draft of the session, which has comment and flag of the same task. */
  private keyOf(task: number, what: 'answers' | 'shapes' = 'answers'): string {
    return this.options.keptAs?.(task, what) ?? `${task}:${what}`;
  }

  private set(change: Partial<SheetState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
