/**
 * What was done on one item, in one order of time, whoever keeps it: shapes in the editor, answers on the sheet, comment and
 * flag in the session. A step knows how to take itself back and how to be done again; the next item begins with none.
 */

export interface Step {
  /** False when what it was about is gone: then the step is no more. */
  readonly undo: () => unknown;
  readonly redo: () => unknown;
  /** Steps that follow each other with the same key, without a pause, are one: typing. */
  readonly merge?: string;
}

/** What both ends of a timeline can do now. */
export interface Reach {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** No more than the editor remembers of shapes. */
const LIMIT = 300;
/** A hand that rests so long has finished what it was typing. */
export const PAUSE_MS = 1000;
const NOWHERE: Reach = { canUndo: false, canRedo: false };

const both = (first: Step, then: Step): Step => ({
  // What is gone in one of them must not keep the other.
  undo: () => [then.undo(), first.undo()].some((done) => done !== false),
  redo: () => [first.redo(), then.redo()].some((done) => done !== false),
});

export class Timeline {
  /** Takes back what is only half done, and says whether there was any: that goes before every step. */
  half: () => boolean = () => false;
  private past: Step[] = [];
  private future: Step[] = [];
  private group: Step | null | undefined;
  private underWay = false;
  private pause: ReturnType<typeof setTimeout> | undefined;
  private sealed = true;
  private reach = NOWHERE;
  private readonly listeners = new Set<() => void>();

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): Reach => this.reach;

  /** Something is being taken back or done again: what changes meanwhile is not done by hand. */
  get travelling(): boolean {
    return this.underWay;
  }

  /** The latest step; null where nothing was done, or all of it taken back. */
  get last(): Step | null {
    return this.past.at(-1) ?? null;
  }

  /** Something was done. What is done because a step is taken back or done again is none. */
  did(step: Step): void {
    if (this.travelling) return;
    const { last, group } = this;
    if (group !== undefined) {
      this.group = group ? both(group, step) : step;
      return;
    }
    const goesOn = !this.sealed && last?.merge !== undefined && last.merge === step.merge;
    if (last && goesOn) this.past[this.past.length - 1] = { ...step, undo: last.undo };
    else this.past.push(step);
    if (this.past.length > LIMIT) this.past.shift();
    this.future = [];
    this.sealed = false;
    clearTimeout(this.pause);
    if (step.merge !== undefined) this.pause = setTimeout(() => this.seal(), PAUSE_MS);
    this.tell();
  }

  /** What was done because of the latest step goes with it. */
  join(step: Step): void {
    if (this.travelling) return;
    const last = this.group === undefined ? this.past.pop() : undefined;
    this.did(last ? both(last, step) : step);
  }

  /** All that is done meanwhile is one step. */
  together(work: () => void): void {
    this.group = null;
    try {
      work();
    } finally {
      const { group } = this;
      this.group = undefined;
      if (group) this.did(group);
    }
  }

  /** The next step stands by itself. */
  seal(): void {
    this.sealed = true;
  }

  /** False when there was nothing to take back. */
  undo(): boolean {
    return this.half() || this.travel(this.past, this.future, 'undo');
  }

  redo(): boolean {
    this.half();
    return this.travel(this.future, this.past, 'redo');
  }

  /** Another item. */
  clear(): void {
    clearTimeout(this.pause);
    this.past = [];
    this.future = [];
    this.seal();
    this.tell();
  }

  private travel(from: Step[], to: Step[], way: 'undo' | 'redo'): boolean {
    this.seal();
    this.underWay = true;
    let done = false;
    try {
      while (!done) {
        const step = from.pop();
        if (!step) break;
        done = step[way]() !== false;
        if (done) to.push(step);
      }
    } finally {
      this.underWay = false;
    }
    this.tell();
    return done;
  }

  private tell(): void {
    const reach = { canUndo: this.past.length > 0, canRedo: this.future.length > 0 };
    const { canUndo, canRedo } = this.reach;
    if (reach.canUndo !== canUndo || reach.canRedo !== canRedo) this.reach = reach;
    for (const listener of this.listeners) listener();
  }
}

/** Where what is done at a table is remembered; whoever asks first brings it. */
export function timelineOf(table: { timeline?: Timeline | null }): Timeline {
  table.timeline ??= new Timeline();
  return table.timeline;
}
