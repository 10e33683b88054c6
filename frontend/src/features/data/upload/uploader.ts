import { asProblem } from '@/api/problem';
import { uuid } from '@/shared/uuid';
import type { Upload } from '../queries';

/**
 * Sends any number of files in chunks. Whatever breaks (the connection, the browser, the server) costs one chunk: what
 * the server has already is asked for and not sent again, in this page or after a reload with the same files.
 */

export interface Chosen {
  file: File;
  /** With its folders, when it came with them. */
  name: string;
}

export interface Transport {
  announce: (
    files: { name: string; size: number }[],
    idempotencyKey: string,
    signal: AbortSignal,
  ) => Promise<Upload[]>;
  state: (id: string, signal: AbortSignal) => Promise<Upload>;
  send: (id: string, offset: number, chunk: Blob, signal: AbortSignal) => Promise<Upload>;
}

/** Which upload a file belongs to, over reloads. */
export interface Memory {
  read: () => Record<string, string>;
  write: (known: Record<string, string>) => void;
}

export interface Progress {
  state: 'idle' | 'sending' | 'waiting' | 'paused' | 'done';
  files: number;
  done: number;
  bytes: number;
  sent: number;
  /** Bytes that the server had from an earlier try. */
  resumed: number;
  failed: readonly { name: string; reason: string }[];
  /** Seconds left at the pace so far; null before there is one. */
  eta: number | null;
}

interface Entry extends Chosen {
  key: string;
  id: string | null;
  sent: number;
  state: 'new' | 'complete' | 'failed';
}

const BATCH = 500;
const AT_ONCE = 4;
const RETRY_MS = 1000;
const RETRY_MAX_MS = 30_000;

const fingerprint = ({ file, name }: Chosen) => `${name}|${file.size}|${file.lastModified}`;
const worthRetrying = (status: number) =>
  status === 0 || status === 401 || status === 408 || status === 429 || status >= 500;

export class Uploader {
  private entries: Entry[] = [];
  private readonly listeners = new Set<() => void>();
  private failed: { name: string; reason: string }[] = [];
  private state: Progress['state'] = 'idle';
  private stop: AbortController | null = null;
  private resumed = 0;
  private startedAt = 0;
  private sentHere = 0;
  private shown: Progress;

  constructor(
    private readonly transport: Transport,
    private readonly memory: Memory,
    private readonly chunkBytes: number,
    private readonly wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
    private readonly now = () => performance.now(),
  ) {
    this.shown = this.measure();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  progress = (): Progress => this.shown;

  add(files: readonly Chosen[]): void {
    const known = new Set(this.entries.map((one) => one.key));
    if (known.size === 0) this.failed = [];
    for (const one of files) {
      const key = fingerprint(one);
      if (!known.has(key)) this.entries.push({ ...one, key, id: null, sent: 0, state: 'new' });
      known.add(key);
    }
    if (this.state === 'done') this.state = 'idle';
    this.changed();
  }

  clear(): void {
    this.pause();
    this.entries = [];
    this.failed = [];
    this.resumed = this.sentHere = 0;
    this.state = 'idle';
    this.changed();
  }

  pause(): void {
    this.stop?.abort();
    if (this.state === 'sending' || this.state === 'waiting') this.state = 'paused';
    this.changed();
  }

  /** Ends when everything was sent or refused (true), or when it was paused (false). */
  async start(): Promise<boolean> {
    if (this.state === 'sending' || this.state === 'waiting') return false;
    const stop = new AbortController();
    this.stop = stop;
    this.state = 'sending';
    this.startedAt = this.now();
    this.sentHere = 0;
    this.changed();
    try {
      for (let from = 0; from < this.entries.length; from += BATCH) {
        const batch = this.entries.slice(from, from + BATCH).filter((one) => one.state === 'new');
        await this.identify(batch, stop.signal);
        await this.each(
          batch.filter((one) => one.id !== null),
          (one) => this.send(one, stop.signal),
        );
      }
    } catch (error) {
      if (stop.signal.aborted) return false;
      throw error;
    }
    this.state = 'done';
    this.changed();
    return true;
  }

  /** Uploads that are whole on the server. */
  ids(): string[] {
    return this.entries.filter((one) => one.state === 'complete').map((one) => one.id ?? '');
  }

  /** An import has taken what was sent: the same files can be sent anew. Which ones were refused stays to be read. */
  taken(): void {
    const known = this.memory.read();
    for (const one of this.entries) delete known[one.key];
    this.memory.write(known);
    const { failed } = this;
    this.clear();
    this.failed = failed;
    this.changed();
  }

  private async identify(batch: readonly Entry[], signal: AbortSignal): Promise<void> {
    const known = this.memory.read();
    await this.each(
      batch.filter((one) => one.id === null && known[one.key]),
      async (one) => {
        const upload = await this.insist(
          () => this.transport.state(known[one.key] ?? '', signal),
          signal,
        ).catch((error) => {
          if (signal.aborted) throw error;
          return null;
        });
        if (!upload || upload.state === 'imported' || upload.size !== one.file.size) return;
        one.id = upload.id;
        one.sent = upload.received;
        one.state = upload.state === 'complete' ? 'complete' : 'new';
        this.resumed += upload.received;
      },
    );
    let rest = batch.filter((one) => one.id === null && one.state === 'new');
    while (rest.length > 0) {
      const files = rest.map((one) => ({ name: one.name, size: one.file.size }));
      const key = uuid();
      try {
        const uploads = await this.insist(() => this.transport.announce(files, key, signal), signal);
        for (const [index, upload] of uploads.entries()) {
          const one = rest[index];
          if (!one) continue;
          one.id = upload.id;
          one.state = upload.state === 'complete' ? 'complete' : 'new';
          known[one.key] = upload.id;
        }
        this.memory.write({ ...this.memory.read(), ...known });
        rest = [];
      } catch (error) {
        if (signal.aborted) throw error;
        rest = this.dropRefused(rest, error);
      }
    }
    this.changed();
  }

  /** One file that cannot be taken must not hold up the others: the server names it by its place. */
  private dropRefused(files: readonly Entry[], error: unknown): Entry[] {
    const problem = asProblem(error);
    const refused = new Map<number, string>();
    for (const [field, reasons] of Object.entries(problem.body.errors ?? {})) {
      const match = /^files\[(\d+)\]/.exec(field);
      if (match) refused.set(Number(match[1]), reasons[0] ?? problem.message);
    }
    const all = refused.size === 0;
    return files.filter((one, index) => {
      if (!all && !refused.has(index)) return true;
      this.fail(one, refused.get(index) ?? problem.message);
      return false;
    });
  }

  private async send(one: Entry, signal: AbortSignal): Promise<void> {
    while (one.state === 'new' && one.sent < one.file.size) {
      const chunk = one.file.slice(one.sent, one.sent + this.chunkBytes);
      try {
        const upload = await this.insist(
          () => this.transport.send(one.id ?? '', one.sent, chunk, signal),
          signal,
        );
        this.sentHere += Math.max(0, upload.received - one.sent);
        one.sent = upload.received;
      } catch (error) {
        if (signal.aborted) throw error;
        const problem = asProblem(error);
        const offset = problem.body.offset;
        if (problem.code === 'upload-offset-mismatch' && typeof offset === 'number' && offset !== one.sent) {
          one.sent = offset;
        } else {
          this.fail(
            one,
            problem.status < 0 ? `${problem.message}` : (problem.body.detail ?? problem.body.title),
          );
        }
      }
      this.changed();
    }
    if (one.state === 'new') one.state = 'complete';
    this.changed();
  }

  private fail(one: Entry, reason: string): void {
    one.state = 'failed';
    this.failed = [...this.failed, { name: one.name, reason }];
    this.changed();
  }

  /** Tries again for as long as the server cannot be reached or asks to wait. */
  private async insist<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      try {
        const answer = await call();
        if (this.state === 'waiting') this.state = 'sending';
        return answer;
      } catch (error) {
        if (signal.aborted || !worthRetrying(asProblem(error).status)) throw error;
        this.state = 'waiting';
        this.changed();
        await this.wait(Math.min(RETRY_MS * 2 ** tries, RETRY_MAX_MS));
        if (signal.aborted) throw error;
      }
    }
  }

  private async each(entries: readonly Entry[], work: (one: Entry) => Promise<void>): Promise<void> {
    let next = 0;
    const worker = async () => {
      for (let one = entries[next++]; one; one = entries[next++]) await work(one);
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, entries.length) }, worker));
  }

  private measure(): Progress {
    const bytes = this.entries.reduce((sum, one) => sum + (one.state === 'failed' ? 0 : one.file.size), 0);
    const sent = this.entries.reduce((sum, one) => sum + (one.state === 'failed' ? 0 : one.sent), 0);
    const seconds = (this.now() - this.startedAt) / 1000;
    const pace = seconds > 1 ? this.sentHere / seconds : 0;
    return {
      state: this.state,
      files: this.entries.length,
      done: this.entries.filter((one) => one.state === 'complete').length,
      bytes,
      sent,
      resumed: this.resumed,
      failed: this.failed,
      eta: pace > 0 ? (bytes - sent) / pace : null,
    };
  }

  private changed(): void {
    this.shown = this.measure();
    for (const listener of this.listeners) listener();
  }
}
