import { http } from '@/api/http';
import { asProblem, type Problem } from '@/api/problem';
import {
  changeEntry,
  ENTRY_VERSION,
  entriesInOrder,
  type NewEntry,
  type OutboxEntry,
  openStore,
  putEntry,
  type Store,
} from './store';

/**
 * Writes that survive a lost connection, an ended session and a closed tab.
 *
 * 1. What is enqueued is in IndexedDB, durably, before the caller goes on.
 * 2. One tab sends at a time where the browser has locks; where it has none the idempotency key makes doubles harmless.
 * 3. 2xx: done. No answer, 5xx, 408, 425, 429: again, later. 401: stop until somebody has signed in. Anything else is
 *    parked for a person to see: never dropped.
 * 4. Entries of one group go one after the other; a group that waits does not hold up the others.
 */

export interface OutboxStatus {
  /** Not yet confirmed, parked ones not counted. */
  unsent: number;
  /** Refused by the server: they need a person. */
  parked: number;
  /** Being written to this browser's store now: closing the tab would lose it. */
  writing: number;
  state: 'idle' | 'sending' | 'waiting' | 'signed-out';
}

export interface Reply {
  status: number;
  body: unknown;
}

export interface OutboxOptions {
  user: string;
  send?: (entry: OutboxEntry) => Promise<Reply>;
  now?: () => number;
  random?: () => number;
  /** How long the server may take to answer before it is tried again. */
  timeoutMs?: number;
  /** Null where the browser has none: plain http. */
  locks?: Pick<LockManager, 'request'> | null;
}

type SentListener = (entry: OutboxEntry, body: unknown) => void;
type RefusedListener = (entry: OutboxEntry) => void;
type ElsewhereListener = (group: string) => void;
/** What tabs of one person tell each other; a group when something was put into it. */
type News = 'changed' | { group: string };

const MAX_DELAY = 60_000;
/** A network that swallows packets must not hold up the line: every tab waits for the one that sends. */
const SEND_TIMEOUT = 30_000;
/** After so many failures in a row the rest of a pass would fail too. */
const GIVE_UP_AFTER = 3;

/** 1 s · 2^n up to a minute, the upper half of it by chance, so that a hundred browsers do not come back at once. */
export function backoff(attempts: number, random: () => number): number {
  const full = Math.min(MAX_DELAY, 1000 * 2 ** Math.min(attempts, 16));
  return full * (0.5 + random() / 2);
}

/** A stale CSRF token passes, too: it is fetched anew before the next try. */
const retryable = ({ status, code }: Problem) =>
  status === 0 || status >= 500 || [408, 425, 429].includes(status) || code === 'csrf';

async function post({ id, path, body: content }: OutboxEntry, timeoutMs: number): Promise<Reply> {
  try {
    const body = await http.post<unknown>(path, { body: content, idempotencyKey: id, timeoutMs });
    return { status: 200, body };
  } catch (error) {
    if (asProblem(error).code === 'csrf') await http.get('/api/v1/session').catch(() => undefined);
    throw error;
  }
}

export class Outbox {
  readonly user: string;
  private readonly sendEntry: (entry: OutboxEntry) => Promise<Reply>;
  private readonly now: () => number;
  private readonly random: () => number;
  private readonly locks: Pick<LockManager, 'request'> | null;
  private readonly listeners = new Set<() => void>();
  private readonly sentListeners = new Set<SentListener>();
  private readonly refusedListeners = new Set<RefusedListener>();
  private readonly elsewhereListeners = new Set<ElsewhereListener>();
  private readonly channel: BroadcastChannel | null;
  private readonly opened: Promise<Store>;
  private snapshot: OutboxStatus = { unsent: 0, parked: 0, writing: 0, state: 'idle' };
  private draining: Promise<void> | null = null;
  /** Somebody asked for another round while one was under way. */
  private again = false;
  private signedOut = false;
  private stopped = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: OutboxOptions) {
    this.user = options.user;
    const timeoutMs = options.timeoutMs ?? SEND_TIMEOUT;
    this.sendEntry = options.send ?? ((entry) => post(entry, timeoutMs));
    this.now = options.now ?? Date.now;
    this.random = options.random ?? Math.random;
    this.locks = options.locks === undefined ? (globalThis.navigator?.locks ?? null) : options.locks;
    this.opened = openStore(options.user);
    this.channel =
      'BroadcastChannel' in globalThis ? new BroadcastChannel(`touchstone-outbox-${options.user}`) : null;
    if (this.channel) this.channel.onmessage = ({ data }: MessageEvent<News>) => this.hear(data);
  }

  /** Sends what an earlier visit left behind and listens for chances to send. */
  start(): void {
    window.addEventListener('online', this.wakeNow);
    document.addEventListener('visibilitychange', this.wakeWhenVisible);
    window.addEventListener('beforeunload', this.warn);
    void navigator.storage?.persist?.();
    void this.refresh().then(() => this.drain());
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    window.removeEventListener('online', this.wakeNow);
    document.removeEventListener('visibilitychange', this.wakeWhenVisible);
    window.removeEventListener('beforeunload', this.warn);
    this.channel?.close();
    await this.draining;
    (await this.opened).close();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  status = (): OutboxStatus => this.snapshot;

  /** Called after the server has confirmed an entry. */
  onSent(listener: SentListener): () => void {
    this.sentListeners.add(listener);
    return () => this.sentListeners.delete(listener);
  }

  /** Called after the server has refused an entry for good: it is parked. */
  onRefused(listener: RefusedListener): () => void {
    this.refusedListeners.add(listener);
    return () => this.refusedListeners.delete(listener);
  }

  /** Called when another tab of this person has put something into a group. */
  onElsewhere(listener: ElsewhereListener): () => void {
    this.elsewhereListeners.add(listener);
    return () => this.elsewhereListeners.delete(listener);
  }

  /**
   * Resolves when the entry is durable; sending goes on by itself. `draft` names the draft and `replaced` the entry whose
   * place it takes.
   */
  async enqueue(entry: NewEntry, draft: string | null = null, replaced: string | null = null): Promise<void> {
    this.set({ writing: this.snapshot.writing + 1 });
    try {
      await putEntry(await this.opened, entry, draft, this.now(), replaced);
    } finally {
      this.set({ writing: this.snapshot.writing - 1 });
    }
    void this.refresh().then(() => this.drain());
    this.tellOtherTabs({ group: entry.group });
  }

  /** Sends what may be sent now. Safe to call at any time, from anywhere. */
  drain(): Promise<void> {
    this.again = true;
    this.draining ??= this.rounds();
    return this.draining;
  }

  /** Tries everything now, without waiting for its time: the network came back, a person asked. */
  wake(): Promise<void> {
    return this.opened
      .then(async (db) => {
        if (this.stopped) return;
        for (const entry of await entriesInOrder(db)) {
          if (entry.state === 'waiting' && entry.notBefore > 0)
            await changeEntry(db, entry.id, { notBefore: 0 });
        }
      })
      .then(() => this.drain());
  }

  /** Somebody has signed in again. */
  resume(): Promise<void> {
    this.signedOut = false;
    return this.wake();
  }

  async parked(): Promise<OutboxEntry[]> {
    return (await entriesInOrder(await this.opened)).filter((entry) => entry.state === 'parked');
  }

  async pending(): Promise<OutboxEntry[]> {
    return entriesInOrder(await this.opened);
  }

  /** Puts a parked entry back into the line, with another body if it was corrected under a new id elsewhere. */
  async retry(id: string): Promise<void> {
    const db = await this.opened;
    await changeEntry(db, id, { state: 'waiting', notBefore: 0, attempts: 0, problem: undefined });
    await this.refresh();
    await this.drain();
  }

  /** Only ever because a person said so. */
  async discard(id: string): Promise<void> {
    await (await this.opened).delete('outbox', id);
    await this.refresh();
    this.tellOtherTabs();
  }

  private readonly wakeNow = () => void this.wake();

  private readonly wakeWhenVisible = () => {
    if (document.visibilityState === 'visible') void this.wake();
  };

  private readonly warn = (event: BeforeUnloadEvent) => {
    if (this.snapshot.writing > 0) event.preventDefault();
  };

  private async rounds(): Promise<void> {
    // After this the promise is known as `draining`, so that the end of the drain can take it back.
    await this.opened;
    try {
      // An entry that arrives during a round must not be forgotten: `again` is cleared before, and looked at after.
      while (this.again && !this.stopped && !this.signedOut) {
        this.again = false;
        await this.alone(() => this.round());
      }
    } finally {
      this.draining = null;
      this.settle();
    }
  }

  private async alone(work: () => Promise<void>): Promise<void> {
    if (!this.locks) return work();
    await this.locks.request(`touchstone-outbox-${this.user}`, work);
  }

  private async round(): Promise<void> {
    const db = await this.opened;
    let failures = 0;
    while (!this.stopped && !this.signedOut) {
      const entry = await this.next(db);
      if (!entry) return;
      this.set({ state: 'sending' });
      const ok = await this.attempt(db, entry);
      await this.refresh();
      this.tellOtherTabs();
      failures = ok ? 0 : failures + 1;
      if (failures >= GIVE_UP_AFTER) return;
    }
  }

  /** The oldest entry whose time has come and whose group has nothing older waiting. */
  private async next(db: Store): Promise<OutboxEntry | null> {
    const held = new Set<string>();
    for (const entry of await entriesInOrder(db)) {
      if (entry.state !== 'waiting' || entry.version > ENTRY_VERSION || held.has(entry.group)) continue;
      if (entry.notBefore <= this.now()) return entry;
      held.add(entry.group);
    }
    return null;
  }

  /** False when it failed in a way that may pass. */
  private async attempt(db: Store, entry: OutboxEntry): Promise<boolean> {
    try {
      const reply = await this.sendEntry(entry);
      await db.delete('outbox', entry.id);
      for (const listener of this.sentListeners) listener(entry, reply.body);
      return true;
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 401) {
        this.signedOut = true;
        return false;
      }
      if (retryable(problem)) {
        const wait = backoff(entry.attempts, this.random);
        const later = { attempts: entry.attempts + 1, notBefore: this.now() + wait };
        return (await changeEntry(db, entry.id, later)) === null;
      }
      const { status, code } = problem;
      const { title, detail, current } = problem.body;
      const parked = await changeEntry(db, entry.id, {
        state: 'parked',
        problem: {
          status,
          code,
          title,
          ...(detail ? { detail } : {}),
          ...(current === undefined ? {} : { current }),
        },
      });
      if (parked) for (const listener of this.refusedListeners) listener(parked);
      return true;
    }
  }

  /** After a drain: say how it stands and set the alarm for the next entry whose time will come. */
  private settle(): void {
    clearTimeout(this.timer);
    if (this.stopped) return;
    if (this.signedOut) {
      this.set({ state: 'signed-out' });
      return;
    }
    this.set({ state: this.snapshot.unsent > 0 ? 'waiting' : 'idle' });
    void this.opened.then(async (db) => {
      if (this.stopped) return;
      const entries = await entriesInOrder(db);
      const times = entries
        .filter((e) => e.state === 'waiting' && e.version <= ENTRY_VERSION)
        .map((e) => e.notBefore);
      if (times.length === 0 || this.stopped || this.draining) return;
      const wait = Math.max(50, Math.min(...times) - this.now());
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.drain(), wait);
    });
  }

  private async refresh(): Promise<void> {
    const db = await this.opened;
    if (this.stopped) return;
    const entries = await entriesInOrder(db);
    const parked = entries.filter((entry) => entry.state === 'parked').length;
    this.set({ parked, unsent: entries.length - parked });
  }

  private hear(news: News): void {
    if (typeof news === 'object') for (const listener of this.elsewhereListeners) listener(news.group);
    void this.refresh();
  }

  private tellOtherTabs(news: News = 'changed'): void {
    if (!this.stopped) this.channel?.postMessage(news);
  }

  private set(change: Partial<OutboxStatus>): void {
    this.snapshot = { ...this.snapshot, ...change };
    for (const listener of this.listeners) listener();
  }
}
