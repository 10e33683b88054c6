import { ImageEngine } from '@/engine/engine';
import { BitmapSource } from '@/engine/image/BitmapSource';
import { decodeImage, Prefetcher } from '@/sync/prefetch';
import type { WorkSession } from './session';
import { PaintTimer } from './timing';
import type { Work } from './work';

export type PictureState = 'none' | 'loading' | 'shown' | 'failed';

/** Brings the picture of the current task onto the canvas, and the next ones into memory. */
export class Stage {
  readonly timer = new PaintTimer();
  readonly pictures = new Prefetcher<ImageBitmap>(decodeImage, 8);
  private readonly listeners = new Set<() => void>();
  private engine: ImageEngine | null = null;
  private url: string | null = null;
  private state: PictureState = 'none';
  private stop = () => {};

  constructor(private readonly session: WorkSession) {}

  get view(): ImageEngine | null {
    return this.engine;
  }

  /** Starts drawing into the element; returns the function that ends it. */
  attach(host: HTMLElement): () => void {
    const engine = new ImageEngine(host);
    this.engine = engine;
    const stopCurrent = this.session.onCurrent((work) => this.show(work));
    const stopSession = this.session.subscribe(() => this.prefetch());
    this.show(this.session.snapshot().current);
    this.stop = () => {
      stopCurrent();
      stopSession();
      engine.destroy();
      this.pictures.clear();
      this.engine = null;
    };
    return () => this.stop();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  picture = (): PictureState => this.state;

  retry = (): void => this.show(this.session.snapshot().current);

  private show(work: Work | null): void {
    const wanted = work?.item.image_url ?? null;
    this.url = wanted;
    const ready = wanted === null ? null : this.pictures.peek(wanted);
    const missing = work ? 'failed' : 'none';
    this.draw(ready, wanted === null ? missing : ready ? 'shown' : 'loading');
    if (wanted === null || ready) return;
    this.pictures.get(wanted).then(
      (bitmap) => wanted === this.url && this.draw(bitmap, 'shown'),
      () => wanted === this.url && this.draw(null, 'failed'),
    );
  }

  private draw(bitmap: ImageBitmap | null, state: PictureState): void {
    this.engine?.show(bitmap ? new BitmapSource(bitmap) : null);
    this.state = state;
    if (state === 'shown') this.timer.painted();
    for (const listener of this.listeners) listener();
  }

  private prefetch(): void {
    const { ahead, current } = this.session.snapshot();
    const urls = ahead.flatMap((work) => work.item.image_url ?? []);
    const here = current?.item.image_url;
    this.pictures.want(here && !urls.includes(here) ? [here, ...urls] : urls);
  }
}
