import type { ShapeDocument } from './model/document';

/** Selection belongs to a step: undoing a deletion selects what has come back. */
export interface Moment {
  readonly document: ShapeDocument;
  readonly selection: ReadonlySet<string>;
}

export interface Step {
  /** What was done, as a code the page has a word for ("move", "draw"). */
  readonly label: string;
  readonly before: Moment;
  readonly after: Moment;
}

interface OpenStep extends Step {
  readonly merge: string | null;
}

const LIMIT = 300;

/**
 * Everything that was done, so that it can be undone. Documents share all shapes that did not change, so that a step costs
 * one list of references and not one copy of the drawing.
 */
export class History {
  /** Steps that were begun: what became part of the step before is not counted, what was undone still is. */
  begun = 0;
  private past: OpenStep[] = [];
  private future: OpenStep[] = [];
  private saved: ShapeDocument;
  private moment: Moment;

  constructor(document: ShapeDocument) {
    this.moment = { document, selection: new Set() };
    this.saved = document;
  }

  get current(): Moment {
    return this.moment;
  }

  /** Whether what is there differs from what was last saved. Undoing back to it makes it clean again. */
  get dirty(): boolean {
    return this.moment.document !== this.saved;
  }

  get undoLabel(): string | null {
    return this.past.at(-1)?.label ?? null;
  }

  get redoLabel(): string | null {
    return this.future.at(-1)?.label ?? null;
  }

  /**
   * Goes on to the next document. Steps that follow each other with the same `merge` key become one: a drag of a hundred
   * moves, ten presses of an arrow key. A step that changes nothing is none.
   */
  commit(next: Moment, label: string, merge: string | null = null): boolean {
    if (next.document === this.moment.document) {
      this.moment = next;
      return false;
    }
    const last = this.past.at(-1);
    if (last && merge !== null && last.merge === merge) {
      this.past[this.past.length - 1] = { ...last, after: next };
    } else {
      this.past.push({ label, merge, before: this.moment, after: next });
      this.begun += 1;
      if (this.past.length > LIMIT) this.past.shift();
    }
    this.future = [];
    this.moment = next;
    return true;
  }

  /** The next step stands by itself whatever its key. */
  seal(): void {
    const last = this.past.at(-1);
    if (last && last.merge !== null) this.past[this.past.length - 1] = { ...last, merge: null };
  }

  select(selection: ReadonlySet<string>): void {
    this.moment = { ...this.moment, selection };
  }

  undo(): Step | null {
    const step = this.past.pop();
    if (!step) return null;
    this.future.push({ ...step, merge: null });
    this.seal();
    this.moment = step.before;
    return step;
  }

  redo(): Step | null {
    const step = this.future.pop();
    if (!step) return null;
    this.past.push(step);
    this.moment = step.after;
    return step;
  }

  markSaved(): void {
    this.saved = this.moment.document;
  }
}
