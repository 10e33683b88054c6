import { uuid } from '@/shared/uuid';
import { loadDraft, saveDraft } from '@/sync/drafts';
import type { OutboxEntry } from '@/sync/store';
import type { Answer, SubmitBody, SubmitReply, Tile } from '../types';
import type { Timeline } from '../undo/Timeline';
import { Leasing, WANT } from './leasing';
import { refusedOf } from './refused';
import { type SessionOptions, type Snapshot, START } from './snapshot';
import { Stopwatch } from './stopwatch';
import { type Done, type Draft, doneOf, draftOf, EMPTY, isDraft, type Work } from './work';

/**
 * One sitting at one queue, without React: which of the leased tasks is on the table, what has been answered so far, and how
 * to get back to it. The page draws what `snapshot` says.
 */

const REMEMBER = 20;

export class WorkSession {
  /** What was done on the item on the table, once somebody wants to know: the code for it comes with the buttons. */
  timeline: Timeline | null = null;
  private readonly listeners = new Set<() => void>();
  private readonly currentListeners = new Set<(work: Work | null) => void>();
  private readonly watch: Stopwatch;
  private readonly sitting: Stopwatch;
  private readonly now: () => number;
  private readonly leasing: Leasing;
  private history: Done[] = [];
  private back = 0;
  /** What was begun on the task that waits while one looks back. */
  private begun: { task: number; draft: Draft } | null = null;
  private shown: number | null = null;
  /** Refused answers that are being mended: by task, the entry of the outbox that the next answer replaces. */
  private mending = new Map<number, string>();
  private busy = false;
  private stopped = false;
  /** The server's advice was read. */
  private hushed = false;
  private stopOutbox = () => {};
  private snap: Snapshot;

  constructor(private readonly options: SessionOptions) {
    this.now = options.now ?? Date.now;
    this.watch = new Stopwatch(this.now);
    this.sitting = new Stopwatch(this.now);
    this.snap = START;
    this.leasing = new Leasing(options, {
      shown: () => this.shown,
      answered: () => this.history.map((done) => done.task),
      sentBack: (tasks) => this.forget(tasks),
      told: (said) => {
        this.hushed = this.hushed && said.advice !== null;
        this.snap = { ...this.snap, ...said, ...(this.hushed ? { advice: null } : {}) };
      },
      present: () => this.present(),
    });
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): Snapshot => this.snap;

  /** Called at once when another task comes on the table, before anything is drawn by React. */
  onCurrent(listener: (work: Work | null) => void): () => void {
    this.currentListeners.add(listener);
    return () => this.currentListeners.delete(listener);
  }

  start(): void {
    this.stopped = false;
    this.sitting.restart();
    const { outbox } = this.options;
    const stops = [
      outbox.onSent((_entry, body) => this.confirmed(body as Partial<SubmitReply> | null)),
      outbox.onRefused((entry) => this.refused(entry.body as Partial<SubmitBody> | null)),
      outbox.onElsewhere((group) => {
        // What was begun here is not taken out of anybody's hands: the server refuses it, and it is kept.
        if (this.begun?.task !== Number(group)) this.leasing.elsewhere(Number(group));
      }),
    ];
    this.stopOutbox = () => stops.forEach((stop) => void stop());
    document.addEventListener('visibilitychange', this.handleVisibility);
    this.leasing.start();
    void this.recall();
  }

  /** Gives back what was not begun; what was answered is in the outbox. */
  leave(): void {
    this.stopped = true;
    this.stopOutbox();
    document.removeEventListener('visibilitychange', this.handleVisibility);
    this.leasing.leave();
  }

  /** Holds so many leases from now on: more are fetched, those that are too many are given back. */
  hold(want = WANT): void {
    this.leasing.hold(want);
  }

  /** Milliseconds spent on the current task, hidden time not counted. */
  spent(): number {
    return this.watch.elapsed();
  }

  lookAgain = (): void => this.leasing.lookAgain();

  toggle(key: string): void {
    const { classes } = this.snap.draft;
    this.change({ classes: classes.includes(key) ? classes.filter((k) => k !== key) : [...classes, key] });
  }

  choose(key: string): void {
    if (this.snap.draft.classes.join() !== key) this.change({ classes: [key] });
  }

  comment(comment: string): void {
    this.change({ comment }, 'comment');
  }

  /** The advice is not given again before there was no reason for it in between. */
  hush(): void {
    this.hushed = true;
    this.set({ advice: null });
  }

  flag(): void {
    this.change({ flagged: !this.snap.draft.flagged });
  }

  /** Durable first, then on to the next. False when it was not taken. `words`: the answer for the list of unsent work. */
  async submit(answer: Answer, words = ''): Promise<boolean> {
    const work = this.snap.current;
    if (!work || this.busy || this.snap.readOnly) return false;
    this.busy = true;
    const { comment, flagged } = this.snap.draft;
    const body = this.bodyFor(work, answer, this.watch.elapsed(), { comment, flagged });
    try {
      await this.keep(work, body, words);
    } catch {
      this.set({ unstored: true });
      return false;
    } finally {
      this.busy = false;
    }
    this.leasing.sent(work);
    this.remember({ ...work, revision: body.revision, given: answer, comment, flagged });
    this.leasing.topUp();
    this.present();
    return true;
  }

  /**
   * Answers tasks that lie on the table together: each is a submission of its own, durable before the next. The time since
   * the last of them is shared among them. Resolves to the tasks whose answers are kept.
   */
  async submitTiles(tiles: readonly Tile[]): Promise<readonly number[]> {
    if (this.busy || tiles.length === 0) return [];
    this.busy = true;
    const spent = this.watch.elapsed() / tiles.length;
    const kept: number[] = [];
    try {
      for (const tile of tiles) {
        const work = this.leasing.tasks.find(({ task }) => task === tile.task);
        if (!work) continue;
        const { answer, flagged, suggestion } = tile;
        const body = {
          ...this.bodyFor(work, answer, spent, { comment: '', flagged }),
          ...(suggestion ? { suggestion } : {}),
        };
        await this.keep(work, body, tile.words);
        this.leasing.sent(work);
        this.remember({ ...work, revision: body.revision, given: answer, comment: '', flagged });
        kept.push(work.task);
      }
    } catch {
      this.set({ unstored: true });
    } finally {
      this.busy = false;
    }
    if (kept.length > 0) {
      this.watch.restart();
      this.present();
      void this.leasing.refill();
    }
    return kept;
  }

  /** Puts an answer that the server refused back on the table; what is submitted then takes its place in the outbox. */
  reopen(entry: OutboxEntry): void {
    const refused = refusedOf(entry);
    if (!refused) return;
    const { task } = refused;
    const leased = this.leasing.tasks.find((work) => work.task === task);
    this.leasing.drop(task);
    this.history = [
      ...this.history.filter((done) => done.task !== task),
      { ...refused, lease: leased?.lease ?? refused.lease },
    ];
    this.mending.set(task, entry.id);
    const { current, draft } = this.snap;
    if (this.back === 0 && current && current.task !== task) this.begun = { task: current.task, draft };
    this.back = 1;
    this.shown = null;
    this.present();
  }

  previous(): void {
    if (this.back >= this.history.length) return;
    const { current, draft } = this.snap;
    if (this.back === 0 && current) this.begun = { task: current.task, draft };
    this.back += 1;
    this.present();
  }

  next(): void {
    if (this.back === 0) return;
    this.back -= 1;
    this.present();
  }

  /** Into the outbox, durably. */
  private keep(work: Work, body: SubmitBody, words: string): Promise<void> {
    const title = [work.item.name, words].filter(Boolean).join(' · ');
    const { submitTo: path, origin } = this.options;
    return this.options.outbox.enqueue(
      { id: body.id, group: String(work.task), path, body, title, origin: { ...origin, item: work.item } },
      String(work.task),
      this.mending.get(work.task) ?? null,
    );
  }

  private bodyFor(
    work: Work,
    answer: Answer,
    ms: number,
    said: Pick<SubmitBody, 'comment' | 'flagged'>,
  ): SubmitBody {
    const spent = Math.round(ms);
    return {
      id: uuid(),
      lease: work.lease,
      task: work.task,
      revision: work.revision + 1,
      schema_version: this.options.schemaVersion,
      answer,
      ...said,
      started_at: new Date(this.now() - spent).toISOString(),
      duration_ms: spent,
      tab: this.options.tab,
    };
  }

  /** Whoever went back or on while the answer was being stored stays where they are. */
  private remember(done: Done): void {
    this.mending.delete(done.task);
    const at = this.history.findIndex(({ task }) => task === done.task);
    if (at >= 0) {
      this.history = this.history.map((old, index) =>
        index === at ? { ...done, editableUntil: old.editableUntil } : old,
      );
      if (at === this.history.length - this.back) this.back -= 1;
      return;
    }
    this.leasing.drop(done.task);
    this.history = [...this.history, done].slice(-REMEMBER);
    if (this.back > 0) this.back = Math.min(this.back + 1, this.history.length);
    this.snap = { ...this.snap, done: this.snap.done + 1 };
  }

  /** The server has it: now one knows until when it can be changed. */
  private confirmed(reply: Partial<SubmitReply> | null): void {
    if (!reply?.task) return;
    this.leasing.confirmed(reply.task);
    const until = reply.editable_until ? Date.parse(reply.editable_until) : null;
    this.history = this.history.map((done) =>
      done.task === reply.task ? { ...done, editableUntil: until } : done,
    );
  }

  /** The server did not take this revision: another answer to the task has to take its number. */
  private refused(body: Partial<SubmitBody> | null): void {
    if (!body?.task) return;
    this.leasing.refused(body.task);
    this.history = this.history.map((done) =>
      done.task === body.task && done.revision === body.revision
        ? { ...done, revision: done.revision - 1 }
        : done,
    );
  }

  /** Changes with the same `merge` in a row are one step to undo. */
  private change(part: Partial<Draft>, merge?: string): void {
    const { draft } = this.snap;
    const next = { ...draft, ...part };
    const step = { undo: () => this.write(draft), redo: () => this.write(next) };
    if (this.write(next)) this.timeline?.did(merge ? { ...step, merge } : step);
  }

  private write(draft: Draft): boolean {
    const { current, readOnly } = this.snap;
    if (!current || readOnly) return false;
    this.set({ draft, restored: false });
    saveDraft(this.options.user, String(current.task), draft).catch(() => undefined);
    return true;
  }

  /** Puts the task on the table that the position says. */
  private present(): void {
    const past = this.back > 0 ? this.history[this.history.length - this.back] : undefined;
    const current = past ?? this.leasing.tasks[0] ?? null;
    const readOnly = past?.editableUntil != null && past.editableUntil < this.now();
    const state = current
      ? 'working'
      : this.snap.problem
        ? 'failed'
        : this.leasing.isFetching
          ? 'loading'
          : 'empty';
    const same = current?.task === this.shown && current !== null;
    const begun = !past && this.begun?.task === current?.task ? this.begun?.draft : undefined;
    const fresh = begun ?? draftOf(current?.given ?? null, past?.comment, past?.flagged);
    const draft = same && !past ? this.snap.draft : fresh;
    this.shown = current?.task ?? null;
    if (!same) {
      this.watch.restart();
      this.timeline?.clear();
      for (const listener of this.currentListeners) listener(current);
    }
    this.set({
      state,
      current,
      draft,
      readOnly,
      ahead: this.leasing.tasks,
      back: this.back,
      canGoBack: this.back < this.history.length,
      seconds: this.sitting.elapsed() / 1000,
      ...(same ? {} : { restored: false, unstored: false }),
    });
    if (!same && current && !past && !begun) void this.restore(current.task);
  }

  private async restore(task: number): Promise<void> {
    const before = this.snap.draft;
    const stored = await loadDraft(this.options.user, String(task)).catch(() => null);
    const untouched = this.snap.current?.task === task && this.snap.draft === before;
    if (isDraft(stored) && untouched) this.set({ draft: { ...EMPTY, ...stored }, restored: true });
  }

  /** Answers of an earlier visit, so that one can go back to them after a reload. */
  private async recall(): Promise<void> {
    const page = await this.options.server.history().catch(() => null);
    if (!page || this.stopped) return;
    const known = new Set(this.history.map((done) => done.task));
    const past = page.results.filter((one) => !known.has(one.task)).slice(0, REMEMBER);
    this.history = [...past.reverse().map(doneOf), ...this.history].slice(-REMEMBER);
    this.set({ canGoBack: this.back < this.history.length });
  }

  private forget(tasks: ReadonlySet<number>): void {
    if (tasks.size === 0) return;
    const past = this.history[this.history.length - this.back];
    this.history = this.history.filter((done) => !tasks.has(done.task));
    // Whoever is looking back stays where they are, or comes to the front when that is what came back.
    const at = past ? this.history.indexOf(past) : -1;
    this.back = this.back > 0 && at >= 0 ? this.history.length - at : 0;
  }

  private readonly handleVisibility = () => {
    if (document.visibilityState === 'hidden') {
      this.watch.pause();
      this.sitting.pause();
    } else {
      this.watch.resume();
      this.sitting.resume();
    }
  };

  private set(change: Partial<Snapshot>): void {
    this.snap = { ...this.snap, ...change };
    for (const listener of this.listeners) listener();
  }
}
