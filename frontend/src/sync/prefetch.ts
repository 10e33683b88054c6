/**
 * Pictures fetched and decoded ahead of time. Keeps the few used last and closes the others: a decoded picture of
 * 12 megapixels holds 48 MB.
 */

export type PrefetchState = 'waiting' | 'loading' | 'ready' | 'failed';

export interface Closable {
  close(): void;
}

/** How much all may weigh together, in the unit of whoever weighs. */
export interface Room<T> {
  readonly for: number;
  readonly weigh: (value: T) => number;
}

export type Decode<T> = (url: string, signal: AbortSignal) => Promise<T>;

/** Fetches and decodes off the main thread. */
export const decodeImage: Decode<ImageBitmap> = async (url, signal) => {
  const response = await fetch(url, { signal, credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${response.status} for ${url}`);
  return createImageBitmap(await response.blob());
};

interface Slot<T> {
  promise: Promise<T>;
  state: PrefetchState;
  value: T | null;
  abort: AbortController;
}

export class Prefetcher<T extends Closable> {
  /** In order of use, the least recent first. */
  private readonly slots = new Map<string, Slot<T>>();
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly decode: Decode<T>,
    private readonly capacity = 8,
    private readonly room: Room<T> = { for: 0, weigh: () => 0 },
  ) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  stateOf(url: string): PrefetchState {
    return this.slots.get(url)?.state ?? 'waiting';
  }

  /** The decoded picture if it is here already, without waiting. */
  peek(url: string): T | null {
    return this.touch(url)?.value ?? null;
  }

  /** The decoded picture, when it has come. A failure is tried anew by the next call. */
  get(url: string): Promise<T> {
    const known = this.touch(url);
    if (known && known.state !== 'failed') return known.promise;
    return this.load(url).promise;
  }

  /** Loads what will be needed, the nearest first, and lets go of what was needed longest ago. */
  want(urls: readonly string[]): void {
    for (const url of [...urls].reverse()) {
      const slot = this.touch(url);
      if (!slot || slot.state === 'failed') this.load(url);
    }
    this.evict();
  }

  /** Stops all loading and frees all pictures. */
  clear(): void {
    for (const url of [...this.slots.keys()]) this.drop(url);
  }

  private touch(url: string): Slot<T> | undefined {
    const slot = this.slots.get(url);
    if (!slot) return undefined;
    this.slots.delete(url);
    this.slots.set(url, slot);
    return slot;
  }

  private load(url: string): Slot<T> {
    const abort = new AbortController();
    const slot: Slot<T> = { state: 'loading', value: null, abort, promise: this.decode(url, abort.signal) };
    this.slots.delete(url);
    this.slots.set(url, slot);
    slot.promise.then(
      (value) => {
        if (abort.signal.aborted) return value.close();
        slot.value = value;
        slot.state = 'ready';
        this.evict();
        this.changed();
      },
      () => {
        slot.state = 'failed';
        this.changed();
      },
    );
    this.evict();
    this.changed();
    return slot;
  }

  /** The last one is what is looked at, however large it is. */
  private evict(): void {
    for (const url of [...this.slots.keys()].slice(0, -1)) {
      if (this.slots.size <= this.capacity && this.weight() <= this.room.for) return;
      this.drop(url);
    }
  }

  private weight(): number {
    let sum = 0;
    for (const { value } of this.slots.values()) if (value) sum += this.room.weigh(value);
    return sum;
  }

  private drop(url: string): void {
    const slot = this.slots.get(url);
    if (!slot) return;
    this.slots.delete(url);
    slot.abort.abort();
    slot.value?.close();
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}
