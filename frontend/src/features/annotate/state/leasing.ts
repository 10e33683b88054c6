import { asProblem } from '@/api/problem';
import type { Lease } from '../types';
import type { SessionOptions, Snapshot } from './snapshot';
import { type Work, workOf } from './work';

/** The leases of one tab: fetched ahead, kept alive, and given back when there are too many or nobody is there. */

export const WANT = 5;
const REFILL_AT = 2;
/** As many as the server lets one person hold, less those that are to be done. */
const MAX_UNCONFIRMED = 50;
const HEARTBEAT_MS = 60_000;
const RETRY_MS = 5_000;
const LOOK_AGAIN_MS = 30_000;

/** The sitting that works on what is leased. */
interface Sitting {
  /** The task on the table: it stays there, whatever became of its lease. */
  shown(): number | null;
  /** Tasks that were answered before. */
  answered(): readonly number[];
  /** What a reviewer sent back is asked anew. */
  sentBack(tasks: ReadonlySet<number>): void;
  /** What the server said besides. */
  told(said: Partial<Snapshot>): void;
  present(): void;
}

type Options = Pick<SessionOptions, 'server' | 'tab' | 'outbox'>;

export class Leasing {
  /** Leased and not yet answered, in the order in which they are asked. */
  tasks: readonly Work[] = [];
  /** How many leases this tab wants to hold; a grid wants two pages of them. */
  private want = WANT;
  private starved = false;
  /** Leases whose answers have not been confirmed: the server still counts them as held by this tab. */
  private unconfirmed = new Map<number, string>();
  private fetching: Promise<void> | null = null;
  /** Somebody asked to look again while a request was under way. */
  private again = false;
  private stopped = false;
  private beat: ReturnType<typeof setInterval> | undefined;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly options: Options,
    private readonly sitting: Sitting,
  ) {}

  get isFetching(): boolean {
    return this.fetching !== null;
  }

  start(): void {
    this.stopped = false;
    this.beat = setInterval(() => this.sendHeartbeat(), HEARTBEAT_MS);
    window.addEventListener('online', this.lookAgain);
    void this.refill();
  }

  /** Gives back what was not begun; what was answered is in the outbox. */
  leave(): void {
    this.stopped = true;
    clearInterval(this.beat);
    clearTimeout(this.retryTimer);
    window.removeEventListener('online', this.lookAgain);
    this.release(this.tasks);
  }

  /** Holds so many leases from now on: more are fetched, those that are too many are given back. */
  hold(want: number): void {
    if (this.stopped) return;
    this.want = want;
    this.release(this.tasks.slice(want));
    this.tasks = this.tasks.slice(0, want);
    this.sitting.present();
    if (this.tasks.length < want) this.lookAgain();
  }

  lookAgain = (): void => {
    clearTimeout(this.retryTimer);
    // The network may have come back after the request under way was lost.
    this.again = this.fetching !== null;
    void this.refill();
  };

  /** More before the last ones are begun. */
  topUp(): void {
    if (this.tasks.length <= REFILL_AT) void this.refill();
  }

  refill(): Promise<void> {
    this.fetching ??= this.fetchMore().finally(() => {
      this.fetching = null;
      this.sitting.present();
      if (this.again && !this.stopped) this.lookAgain();
    });
    return this.fetching;
  }

  /** Takes a task from the table. */
  drop(task: number): void {
    this.tasks = this.tasks.filter((work) => work.task !== task);
  }

  /** Another tab answered it, as its lease here had run out unseen: it is not asked a second time. */
  elsewhere(task: number): void {
    // Of a grid every tile is on the table, and none may change under somebody's hand.
    if (this.want > WANT || task === this.sitting.shown()) return;
    if (!this.tasks.some((work) => work.task === task)) return;
    this.drop(task);
    this.topUp();
    this.sitting.present();
  }

  /** Its answer is on its way. */
  sent(work: Work): void {
    this.unconfirmed.set(work.task, work.lease);
  }

  /** The server did not take it: the lease is not held any more. */
  refused(task: number): void {
    this.unconfirmed.delete(task);
  }

  confirmed(task: number): void {
    this.unconfirmed.delete(task);
    // The server gives no more than one person may hold; what waited to be confirmed has made room.
    if (this.starved && this.unconfirmed.size === 0) {
      this.starved = false;
      this.lookAgain();
    }
  }

  private async fetchMore(): Promise<void> {
    const before = await this.unsent();
    // Answers that wait to be sent keep their leases; far more of them than the server will hold for one tab, and the tab
    // stops asking for new work.
    const waiting = [...this.unconfirmed.values()].slice(-Math.max(MAX_UNCONFIRMED, this.want));
    const holding = [...this.tasks.map((work) => work.lease), ...waiting];
    try {
      const want = this.want + waiting.length;
      const reply = await this.options.server.next({ want, holding, tab: this.options.tab });
      if (this.stopped) return;
      this.lose(new Set(reply.lost));
      const found = this.take(reply.leases, before);
      this.starved = this.want > WANT && waiting.length > 0 && this.tasks.length < this.want;
      const { remaining, message, advice = null } = reply;
      this.sitting.told({ remaining, message, advice, problem: null });
      if (this.tasks.length === 0 && found > 0) await this.fetchMore();
      else if (this.tasks.length === 0) this.later(this.patience(waiting.length > 0 && message === null));
    } catch (error) {
      const problem = asProblem(error);
      this.sitting.told({ problem });
      if (problem.status === 0 || problem.status >= 500 || problem.status === 429) this.later(RETRY_MS);
    }
  }

  /**
   * Until there is reason to ask again. The server does not say why there is no more as long as it counts a lease as held:
   * if its answer has arrived since, it is asked at once.
   */
  private patience(unexplained: boolean): number {
    if (this.unconfirmed.size > 0) return RETRY_MS;
    return unexplained ? 0 : LOOK_AGAIN_MS;
  }

  /** A lease that was lost is not begun; the one on the table is taken anew when its answer arrives. */
  private lose(lost: ReadonlySet<string>): void {
    for (const [task, lease] of this.unconfirmed) if (lost.has(lease)) this.unconfirmed.delete(task);
    const shown = this.sitting.shown();
    this.tasks = this.tasks.filter((work) => work.task === shown || !lost.has(work.lease));
  }

  /**
   * Puts new leases in line, but for tasks whose answers wait in the outbox: given on an earlier visit, in another tab, or
   * so long ago that the server has forgotten that this tab holds them. How many of those this tab did not know.
   */
  private take(leases: readonly Lease[], before: ReadonlySet<number>): number {
    this.sitting.sentBack(new Set(leases.filter((lease) => lease.remark).map((lease) => lease.task)));
    const known = new Set([...this.tasks.map((work) => work.task), ...this.sitting.answered()]);
    const unasked = leases.filter((lease) => !known.has(lease.task));
    const answered = unasked.filter((lease) => before.has(lease.task));
    const found = answered.filter((lease) => !this.unconfirmed.has(lease.task)).length;
    for (const { task, lease } of answered) this.unconfirmed.set(task, lease);
    this.tasks = [...this.tasks, ...unasked.filter((lease) => !before.has(lease.task)).map(workOf)];
    return found;
  }

  /**
   * Tasks whose answers wait to be sent, by all tabs of this person. Read before the server is asked: what it is told
   * meanwhile it may still offer.
   */
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

  private release(works: readonly Work[]): void {
    const leases = works.map((work) => work.lease);
    if (leases.length > 0)
      this.options.server.release({ tab: this.options.tab, leases }).catch(() => undefined);
  }

  /** After an hour without a network others have what waits here: asked for more, the server says so, and it is let go of. */
  private async sendHeartbeat(): Promise<void> {
    const leases = this.tasks.map((work) => work.lease);
    if (leases.length === 0) return;
    const { tab, server } = this.options;
    const reply = await server.heartbeat({ tab, leases }).catch(() => null);
    if (reply?.lost.length && !this.stopped) this.lookAgain();
  }
}
