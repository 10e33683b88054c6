import { asProblem, type Problem } from '@/api/problem';
import { uuid } from '@/shared/uuid';
import { loadDraft, saveDraft } from '@/sync/drafts';
import type { Outbox } from '@/sync/outbox';
import type { QueueServer } from '../endpoints';
import type { Answer, QueueMessage, SubmitBody, SubmitReply } from '../types';
import { Stopwatch } from './stopwatch';
import { type Done, type Draft, doneOf, draftOf, EMPTY, isDraft, type Work, workOf } from './work';

/**
 * One sitting at one queue, without React: which tasks are leased, which is on the table, what has been answered so far,
 * and how to get back to it. The page draws what `snapshot` says.
 */

export interface Snapshot {
  state: 'loading' | 'working' | 'empty' | 'failed';
  current: Work | null;
  draft: Draft;
  /** A draft of an earlier visit was put back. */
  restored: boolean;
  /** This browser could not keep the last answer, so it was not given. */
  unstored: boolean;
  /** Leased and not yet answered, the current one first. */
  ahead: readonly Work[];
  /** How many answers one has gone back. */
  back: number;
  canGoBack: boolean;
  readOnly: boolean;
  remaining: number | null;
  message: QueueMessage | null;
  problem: Problem | null;
  done: number;
  /** Seconds at work since the page was opened. */
  seconds: number;
}

interface Options {
  user: string;
  tab: string;
  server: QueueServer;
  outbox: Pick<Outbox, 'enqueue' | 'onSent' | 'onRefused' | 'pending'>;
  submitTo: string;
  schemaVersion: number;
  now?: () => number;
}

const WANT = 5;
const REFILL_AT = 2;
const REMEMBER = 20;
const MAX_UNCONFIRMED = 15;
const HEARTBEAT_MS = 60_000;
const RETRY_MS = 5_000;
const LOOK_AGAIN_MS = 30_000;
export class WorkSession {
  private readonly listeners = new Set<() => void>();
  private readonly currentListeners = new Set<(work: Work | null) => void>();
  private readonly watch: Stopwatch;
  private readonly sitting: Stopwatch;
  private readonly now: () => number;
  private queueOf: Work[] = [];
  private history: Done[] = [];
  private back = 0;
  /** What was begun on the task that waits while one looks back. */
  private begun: { task: number; draft: Draft } | null = null;
  private shown: number | null = null;
  /** Leases whose answers have not been confirmed: the server still counts them as held by this tab. */
  private unconfirmed = new Map<number, string>();
  /** Tasks answered before the page was loaded anew, whose answers still wait to be sent: not to be asked again. */
  private waiting: Promise<ReadonlySet<number>> | null = null;
  private busy = false;
  private fetching: Promise<void> | null = null;
  /** Somebody asked to look again while a request was under way. */
  private again = false;
  private stopped = false;
  private beat: ReturnType<typeof setInterval> | undefined;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private stopOutbox = () => {};
  private snap: Snapshot;

  constructor(private readonly options: Options) {
    this.now = options.now ?? Date.now;
    this.watch = new Stopwatch(this.now);
    this.sitting = new Stopwatch(this.now);
    this.snap = {
      state: 'loading',
      current: null,
      draft: EMPTY,
      restored: false,
      unstored: false,
      ahead: [],
      back: 0,
      canGoBack: false,
      readOnly: false,
      remaining: null,
      message: null,
      problem: null,
      done: 0,
      seconds: 0,
    };
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
    ];
    this.stopOutbox = () => stops.forEach((stop) => void stop());
    this.beat = setInterval(() => this.sendHeartbeat(), HEARTBEAT_MS);
    document.addEventListener('visibilitychange', this.handleVisibility);
    window.addEventListener('online', this.lookAgain);
    void this.refill();
    void this.recall();
  }

  /** Gives back what was not begun; what was answered is in the outbox. */
  leave(): void {
    this.stopped = true;
    clearInterval(this.beat);
    clearTimeout(this.retryTimer);
    this.stopOutbox();
    document.removeEventListener('visibilitychange', this.handleVisibility);
    window.removeEventListener('online', this.lookAgain);
    const leases = this.queueOf.map((work) => work.lease);
    if (leases.length > 0)
      this.options.server.release({ tab: this.options.tab, leases }).catch(() => undefined);
  }

  /** Milliseconds spent on the current task, hidden time not counted. */
  spent(): number {
    return this.watch.elapsed();
  }

  lookAgain = (): void => {
    clearTimeout(this.retryTimer);
    // The network may have come back after the request under way was lost.
    this.again = this.fetching !== null;
    void this.refill();
  };

  toggle(key: string): void {
    const { classes } = this.snap.draft;
    this.change({ classes: classes.includes(key) ? classes.filter((k) => k !== key) : [...classes, key] });
  }

  choose(key: string): void {
    this.change({ classes: [key] });
  }

  comment(comment: string): void {
    this.change({ comment });
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
    const body = this.bodyFor(work, answer);
    try {
      const title = [work.item.name, words].filter(Boolean).join(' · ');
      await this.options.outbox.enqueue(
        { id: body.id, group: String(work.task), path: this.options.submitTo, body, title },
        String(work.task),
      );
    } catch {
      this.set({ unstored: true });
      return false;
    } finally {
      this.busy = false;
    }
    this.unconfirmed.set(work.task, work.lease);
    this.remember({ ...work, revision: body.revision, given: answer, comment, flagged });
    this.present();
    if (this.queueOf.length <= REFILL_AT) void this.refill();
    return true;
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

  private bodyFor(work: Work, answer: Answer): SubmitBody {
    const { comment, flagged } = this.snap.draft;
    const spent = Math.round(this.watch.elapsed());
    return {
      id: uuid(),
      lease: work.lease,
      task: work.task,
      revision: work.revision + 1,
      schema_version: this.options.schemaVersion,
      answer,
      comment,
      flagged,
      started_at: new Date(this.now() - spent).toISOString(),
      duration_ms: spent,
      tab: this.options.tab,
    };
  }

  private remember(done: Done): void {
    if (this.back > 0) {
      const at = this.history.length - this.back;
      this.history = this.history.map((old, index) =>
        index === at ? { ...done, editableUntil: old.editableUntil } : old,
      );
      this.back -= 1;
      return;
    }
    this.queueOf = this.queueOf.filter((work) => work.task !== done.task);
    this.history = [...this.history, done].slice(-REMEMBER);
    this.snap = { ...this.snap, done: this.snap.done + 1 };
  }

  /** The server has it: now one knows until when it can be changed. */
  private confirmed(reply: Partial<SubmitReply> | null): void {
    if (!reply?.task) return;
    this.unconfirmed.delete(reply.task);
    const until = reply.editable_until ? Date.parse(reply.editable_until) : null;
    this.history = this.history.map((done) =>
      done.task === reply.task ? { ...done, editableUntil: until } : done,
    );
  }

  /** The server did not take this revision: another answer to the task has to take its number. */
  private refused(body: Partial<SubmitBody> | null): void {
    if (!body?.task) return;
    this.unconfirmed.delete(body.task);
    this.history = this.history.map((done) =>
      done.task === body.task && done.revision === body.revision
        ? { ...done, revision: done.revision - 1 }
        : done,
    );
  }

  private change(part: Partial<Draft>): void {
    const { current, draft, readOnly } = this.snap;
    if (!current || readOnly) return;
    const next = { ...draft, ...part };
    this.set({ draft: next, restored: false });
    saveDraft(this.options.user, String(current.task), next).catch(() => undefined);
  }

  /** Puts the task on the table that the position says. */
  private present(): void {
    const past = this.back > 0 ? this.history[this.history.length - this.back] : undefined;
    const current = past ?? this.queueOf[0] ?? null;
    const readOnly = past?.editableUntil != null && past.editableUntil < this.now();
    const state = current ? 'working' : this.snap.problem ? 'failed' : this.fetching ? 'loading' : 'empty';
    const same = current?.task === this.shown && current !== null;
    const begun = !past && this.begun?.task === current?.task ? this.begun?.draft : undefined;
    const fresh = begun ?? draftOf(current?.given ?? null, past?.comment, past?.flagged);
    const draft = same && !past ? this.snap.draft : fresh;
    this.shown = current?.task ?? null;
    if (!same) {
      this.watch.restart();
      for (const listener of this.currentListeners) listener(current);
    }
    this.set({
      state,
      current,
      draft,
      readOnly,
      ahead: this.queueOf,
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

  private refill(): Promise<void> {
    this.fetching ??= this.fetchMore().finally(() => {
      this.fetching = null;
      this.present();
      if (this.again && !this.stopped) this.lookAgain();
    });
    return this.fetching;
  }

  private async fetchMore(): Promise<void> {
    this.waiting ??= this.unsent();
    const before = await this.waiting;
    const waiting = [...this.unconfirmed.values()].slice(-MAX_UNCONFIRMED);
    const holding = [...this.queueOf.map((work) => work.lease), ...waiting];
    try {
      const want = WANT + waiting.length;
      const reply = await this.options.server.next({ want, holding, tab: this.options.tab });
      if (this.stopped) return;
      // A lease that was lost is not begun; the one on the table is taken anew when its answer arrives.
      const lost = new Set(reply.lost);
      for (const [task, lease] of this.unconfirmed) if (lost.has(lease)) this.unconfirmed.delete(task);
      this.queueOf = this.queueOf.filter((work) => work.task === this.shown || !lost.has(work.lease));
      const known = new Set([...this.queueOf, ...this.history].map((work) => work.task));
      const unasked = reply.leases.filter((lease) => !known.has(lease.task));
      const answered = unasked.filter((lease) => before.has(lease.task));
      for (const { task, lease } of answered) this.unconfirmed.set(task, lease);
      this.queueOf = [...this.queueOf, ...unasked.filter((lease) => !before.has(lease.task)).map(workOf)];
      this.snap = { ...this.snap, remaining: reply.remaining, message: reply.message, problem: null };
      if (this.queueOf.length === 0 && answered.length > 0) await this.fetchMore();
      else if (this.queueOf.length === 0) this.later(this.unconfirmed.size > 0 ? RETRY_MS : LOOK_AGAIN_MS);
    } catch (error) {
      const problem = asProblem(error);
      this.snap = { ...this.snap, problem };
      if (problem.status === 0 || problem.status >= 500 || problem.status === 429) this.later(RETRY_MS);
    }
  }

  private async unsent(): Promise<ReadonlySet<number>> {
    const entries = await this.options.outbox.pending().catch(() => []);
    // What the server refused needs another answer, so its task may come back.
    const waiting = entries.filter((entry) => entry.state === 'waiting');
    return new Set(waiting.map((entry) => Number(entry.group)));
  }

  private later(wait: number): void {
    clearTimeout(this.retryTimer);
    if (!this.stopped) this.retryTimer = setTimeout(this.lookAgain, wait);
  }

  private sendHeartbeat(): void {
    const leases = this.queueOf.map((work) => work.lease);
    if (leases.length > 0)
      this.options.server.heartbeat({ tab: this.options.tab, leases }).catch(() => undefined);
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
