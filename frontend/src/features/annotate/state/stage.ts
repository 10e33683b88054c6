import { http } from '@/api/http';
import { ImageEngine } from '@/engine/engine';
import { BitmapSource } from '@/engine/image/BitmapSource';
import {
  ASK_AGAIN_MS,
  addressOf,
  openPicture,
  type Picture,
  TilesFailed,
  TilesPending,
} from '@/sync/pictures';
import { type Closable, Prefetcher, type PrefetchState } from '@/sync/prefetch';
import type { Content, WorkItem } from '../types';
import { filterOf, type Look, PLAIN } from './look';
import type { WorkSession } from './session';
import { PaintTimer } from './timing';
import type { Work } from './work';

/** `preparing`: a worker still cuts it into tiles. */
export type PictureState = 'none' | 'loading' | 'preparing' | 'shown' | 'failed';
type Read = Content & Closable;

const KEEP = 8;
/** In pixels of four bytes: two of the largest that are not shown as tiles. */
const ROOM = 100_000_000;
const [MIN_LETTERS, MAX_LETTERS, STEP] = [0.75, 2.5, 1.15] as const;

const readContent = async (url: string, signal: AbortSignal): Promise<Read> => ({
  ...(await http.get<Content>(url, { signal })),
  close: () => undefined,
});

/** Tiles have a bound of their own. */
const weigh = ({ source }: Picture): number =>
  source instanceof BitmapSource ? source.width * source.height : 0;

/** The first of them that have room together. */
function fitting(items: readonly WorkItem[]): WorkItem[] {
  let pixels = 0;
  return items.filter(({ width, height, tiles_url }) => {
    pixels += tiles_url ? 0 : (width ?? 0) * (height ?? 0);
    return pixels <= ROOM;
  });
}

/** Brings the picture, the text or the record of the current task onto the table, and the next ones into memory. */
export class Stage {
  readonly timer = new PaintTimer();
  private readonly pictures = new Prefetcher<Picture>(openPicture, KEEP, { for: ROOM, weigh });
  private readonly contents = new Prefetcher<Read>(readContent, KEEP);
  private readonly listeners = new Set<() => void>();
  private engine: ImageEngine | null = null;
  private url: string | null = null;
  private state: PictureState = 'none';
  private read: Content | null = null;
  private why = '';
  private waitedFor: string | null = null;
  private again: ReturnType<typeof setTimeout> | undefined;
  private size = 1;
  private lookNow = PLAIN;
  /** What scrolls when a text is longer than the screen. */
  scroller: HTMLElement | null = null;
  private stop = () => {};

  constructor(private readonly session: WorkSession) {}

  get view(): ImageEngine | null {
    return this.engine;
  }

  /** Starts drawing into the element; returns the function that ends it. */
  attach(host: HTMLElement): () => void {
    const engine = new ImageEngine(host);
    this.engine = engine;
    engine.canvas.style.filter = filterOf(this.lookNow);
    const stopCurrent = this.session.onCurrent((work) => this.show(work));
    const stopSession = this.session.subscribe(() => this.prefetch());
    this.show(this.session.snapshot().current);
    this.stop = () => {
      stopCurrent();
      stopSession();
      clearTimeout(this.again);
      engine.destroy();
      this.pictures.clear();
      this.contents.clear();
      this.engine = null;
    };
    return () => this.stop();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  subscribeAhead = (listener: () => void): (() => void) => {
    const stops = [this.pictures.subscribe(listener), this.contents.subscribe(listener)];
    return () => stops.forEach((stop) => void stop());
  };

  /** Whether an item is here already. */
  readiness(item: WorkItem): PrefetchState {
    return item.content_url
      ? this.contents.stateOf(item.content_url)
      : this.pictures.stateOf(addressOf(item) ?? '');
  }

  /** How what is on the table stands: whether it can be judged. */
  picture = (): PictureState => this.state;

  /** Why it cannot be shown, in the server's words; empty when nothing is known. */
  reason = (): string => this.why;

  /** The text or the record on the table; null for a picture. */
  content = (): Content | null => this.read;

  /** Size of letters of a text, in rem. */
  letters = (): number => this.size;

  /** Larger or smaller: the picture, or the letters of a text. */
  zoom(factor: number): void {
    if (this.read) {
      this.size = Math.min(MAX_LETTERS, Math.max(MIN_LETTERS, this.size * (factor > 1 ? STEP : 1 / STEP)));
      this.changed();
    } else this.engine?.zoom(factor);
  }

  fit(): void {
    if (this.read) {
      this.size = 1;
      this.changed();
    } else this.engine?.fit();
  }

  look = (): Look => this.lookNow;

  /** Brightness and contrast of every picture from now on. */
  setLook(look: Look): void {
    this.lookNow = look;
    if (this.engine) this.engine.canvas.style.filter = filterOf(look);
    this.changed();
  }

  /** By a share of what is seen of a text. */
  scroll(share: number): void {
    this.scroller?.scrollBy({ top: share * this.scroller.clientHeight });
  }

  retry = (): void => this.show(this.session.snapshot().current);

  private show(work: Work | null): void {
    clearTimeout(this.again);
    const content_url = work?.item.content_url ?? null;
    const picture = work ? addressOf(work.item) : null;
    this.url = content_url ?? picture;
    if (content_url) this.open(this.contents, content_url, (read) => this.put(null, read));
    else if (picture) this.open(this.pictures, picture, (found) => this.put(found, null));
    else this.put(null, null, work ? 'failed' : 'none');
  }

  private open<T extends Closable>(cache: Prefetcher<T>, url: string, put: (value: T) => void): void {
    const ready = cache.peek(url);
    if (ready) {
      put(ready);
      return;
    }
    // While it is asked once more whether the tiles are ready, it is said that they are not.
    if (!(this.state === 'preparing' && this.waitedFor === url)) this.put(null, null, 'loading');
    cache.get(url).then(
      (value) => url === this.url && put(value),
      (error: unknown) => url === this.url && this.refuse(url, error),
    );
  }

  private refuse(url: string, error: unknown): void {
    const pending = error instanceof TilesPending;
    this.waitedFor = pending ? url : null;
    this.put(null, null, pending ? 'preparing' : 'failed', error instanceof TilesFailed ? error.message : '');
    if (pending) this.again = setTimeout(this.retry, ASK_AGAIN_MS);
  }

  private put(picture: Picture | null, read: Content | null, state: PictureState = 'shown', why = ''): void {
    this.engine?.show(picture?.source ?? null);
    this.read = read;
    this.state = state;
    this.why = why;
    if (state === 'shown') this.timer.painted();
    this.changed();
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }

  private prefetch(): void {
    const { ahead, current } = this.session.snapshot();
    const items = ahead.map((work) => work.item);
    if (current && !items.some(({ id }) => id === current.item.id)) items.unshift(current.item);
    this.pictures.want(fitting(items).flatMap((item) => (item.content_url ? [] : (addressOf(item) ?? []))));
    this.contents.want(items.flatMap(({ content_url }) => content_url ?? []));
  }
}
