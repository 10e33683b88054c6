/**
 * Answers on their way that are to be drawn. They come in the order in which they were asked for, whichever is there first;
 * what is there at once is drawn at once, unless something asked for earlier is still on its way.
 */

interface Errand {
  readonly stop: AbortController;
  readonly lost: (() => void) | undefined;
  /** Draws the answer, or says what went wrong; null as long as it is on its way. */
  finish: (() => void) | null;
}

export class Errands {
  private open: Errand[] = [];
  private after: (() => void)[] = [];
  /** One of them is an answer. */
  private answering = false;

  constructor(
    /** Something set out or came back. */
    private readonly changed: () => void,
    private readonly failed: () => void,
  ) {}

  get waiting(): boolean {
    return this.open.length > 0;
  }

  /** `lost` is called when it will not come: it failed or was given up. */
  run<Answer>(
    ask: (signal: AbortSignal) => Answer | Promise<Answer>,
    done: (answer: Answer) => void,
    lost?: () => void,
  ): void {
    const errand: Errand = { stop: new AbortController(), lost, finish: null };
    const come = (answer: Answer) => {
      errand.finish = () => done(answer);
    };
    const fail = () => {
      errand.finish = () => {
        lost?.();
        this.failed();
      };
    };
    this.open.push(errand);
    try {
      const answer = ask(errand.stop.signal);
      if (answer instanceof Promise) {
        void answer.then(come, fail).then(() => this.give());
        this.changed();
        return;
      }
      come(answer);
    } catch {
      fail();
    }
    this.give();
  }

  private give(): void {
    for (let first = this.open[0]; first?.finish; first = this.open[0]) {
      this.open.shift();
      try {
        first.finish();
      } catch {
        this.failed();
      }
    }
    this.settle();
  }

  /** Runs now, or when everything is there that is on its way; never, when something of it is given up or goes wrong. */
  whenStill(act: () => void): void {
    if (this.waiting) this.after.push(act);
    else act();
  }

  /** The same for an answer: a second one given meanwhile is none, since what the first came to was not seen yet. */
  answerWhenStill(act: () => void): void {
    if (this.answering) return;
    this.answering = this.waiting;
    this.whenStill(act);
  }

  /** What was to follow was meant for something else than what came of it. */
  forget(): void {
    this.after = [];
    this.answering = false;
  }

  /** Gives up what was asked for last. False when nothing is on its way. */
  dropLast(): boolean {
    const last = this.open.pop();
    if (!last) return false;
    this.forget();
    last.stop.abort();
    last.lost?.();
    this.settle();
    return true;
  }

  drop(): void {
    while (this.dropLast());
  }

  private settle(): void {
    this.changed();
    if (this.waiting) return;
    const { after } = this;
    this.forget();
    for (const act of after) act();
  }
}
