import type { ImageSource } from './image/BitmapSource';
import { type Claim, listen } from './input';
import {
  centred,
  clamp,
  fitView,
  type Point,
  panBy,
  type Size,
  smallestScale,
  staysSharp,
  toPicture,
  transformBetween,
  type View,
  zoomAt,
} from './viewport';

/**
 * Shows a picture and lets one zoom and pan. One engine lives as long as the page: the next picture replaces the last
 * without anything being mounted anew.
 *
 * Large pictures are not redrawn during a gesture: what is painted is moved by a CSS transform, and painted sharply once
 * the gesture rests. Redrawing 12 megapixels without a GPU takes longer than a frame.
 */

const SETTLE_MS = 80;
/** CSS pixels that are painted around the screen, so that a drag does not bare an edge at once. */
const OVERSCAN = 192;
/** Up to here a picture is redrawn within a frame. */
const REDRAW_PIXELS = 2_000_000;

export class ImageEngine {
  readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D | null;
  private readonly observer: ResizeObserver;
  private readonly stopListening: () => void;
  private readonly listeners = new Set<() => void>();
  private stopSource = () => {};
  /** Who gets the pointer before it pans. */
  claim: Claim | null = null;
  private source: ImageSource | null = null;
  private screen: Size = { width: 1, height: 1 };
  private view: View = { scale: 1, x: 0, y: 0 };
  private painted: View = this.view;
  /** The picture follows the size of the window until somebody zooms or pans. */
  private fitted = true;
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly host: HTMLElement) {
    this.canvas = host.ownerDocument.createElement('canvas');
    this.canvas.style.cssText = `position:absolute;left:-${OVERSCAN}px;top:-${OVERSCAN}px;transform-origin:${OVERSCAN}px ${OVERSCAN}px;touch-action:none`;
    host.append(this.canvas);
    this.context = this.canvas.getContext('2d', { alpha: true });
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(host);
    this.stopListening = listen(host, {
      pan: (dx, dy) => this.move(panBy(this.view, dx, dy)),
      zoom: (factor, anchor) => this.zoom(factor, anchor),
      toggleZoom: (anchor) => {
        // Who draws ends lines with a double click.
        if (this.claim) return;
        if (this.fitted) this.zoom(1 / this.view.scale, anchor);
        else this.fit();
      },
      claim: (phase, event, moment) => this.claim?.(phase, event, moment) ?? false,
    });
    this.resize();
  }

  destroy(): void {
    this.stopListening();
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.canvas.remove();
    this.leave();
  }

  /** Paints another picture, fitted, before it returns. Null leaves an empty canvas. */
  show(source: ImageSource | null): void {
    this.leave();
    this.source = source;
    this.stopSource = source?.subscribe?.(() => this.repaint()) ?? (() => {});
    this.fitted = true;
    if (source) this.view = fitView(source, this.screen);
    this.paint();
    this.changed();
  }

  fit(): void {
    if (!this.source) return;
    this.fitted = true;
    this.move(fitView(this.source, this.screen), true);
  }

  /** One picture pixel to one pixel of the screen. */
  actualSize(): void {
    if (this.source) this.move(centred(this.source, this.screen, 1));
  }

  /** Shows a rectangle of the picture as large as it goes. */
  zoomTo(area: { minX: number; minY: number; maxX: number; maxY: number }): void {
    if (!this.source) return;
    const size = { width: Math.max(1, area.maxX - area.minX), height: Math.max(1, area.maxY - area.minY) };
    const { scale, x, y } = fitView(size, this.screen);
    this.move({ scale, x: x - area.minX * scale, y: y - area.minY * scale });
  }

  panBy(dx: number, dy: number): void {
    this.move(panBy(this.view, dx, dy));
  }

  zoom(factor: number, anchor: Point = { x: this.screen.width / 2, y: this.screen.height / 2 }): void {
    if (!this.source) return;
    this.move(zoomAt(this.view, factor, anchor, smallestScale(this.source, this.screen)));
  }

  /** For `useSyncExternalStore`: called when the view has changed. */
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get picture(): ImageSource | null {
    return this.source;
  }

  get screenSize(): Size {
    return this.screen;
  }

  currentView = (): View => this.view;

  private leave(): void {
    this.stopSource();
    this.stopSource = () => {};
    this.source?.rest?.();
    this.source = null;
  }

  /** In the next frame, however often it is asked for until then. */
  private repaint(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.paint());
  }

  private move(next: View, fitted = false): void {
    if (!this.source) return;
    this.fitted = fitted;
    this.view = clamp(next, this.source, this.screen);
    if (this.source.width * this.source.height <= REDRAW_PIXELS) {
      this.repaint();
    } else {
      this.canvas.style.transform = transformBetween(this.painted, this.view);
      clearTimeout(this.timer);
      if (!this.covered()) this.repaint();
      else if (!staysSharp(this.painted, this.view, globalThis.devicePixelRatio || 1))
        this.timer = setTimeout(() => this.paint(), SETTLE_MS);
    }
    this.changed();
  }

  private resize(): void {
    this.screen = { width: Math.max(1, this.host.clientWidth), height: Math.max(1, this.host.clientHeight) };
    const ratio = globalThis.devicePixelRatio || 1;
    const width = this.screen.width + 2 * OVERSCAN;
    const height = this.screen.height + 2 * OVERSCAN;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    if (this.source)
      this.view = this.fitted
        ? fitView(this.source, this.screen)
        : clamp(this.view, this.source, this.screen);
    this.paint();
    this.changed();
  }

  private paint(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.canvas.style.transform = 'none';
    this.painted = this.view;
    const { context } = this;
    if (!context) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.source?.draw(context, panBy(this.view, OVERSCAN, OVERSCAN), globalThis.devicePixelRatio || 1);
  }

  /** Whether all of the picture that the screen shows has been painted. */
  private covered(): boolean {
    const { source, screen } = this;
    if (!source) return true;
    const low = toPicture(this.view, { x: 0, y: 0 });
    const high = toPicture(this.view, { x: screen.width, y: screen.height });
    const from = toPicture(this.painted, { x: -OVERSCAN, y: -OVERSCAN });
    const to = toPicture(this.painted, { x: screen.width + OVERSCAN, y: screen.height + OVERSCAN });
    return (
      Math.max(0, low.x) >= from.x &&
      Math.max(0, low.y) >= from.y &&
      Math.min(source.width, high.x) <= to.x &&
      Math.min(source.height, high.y) <= to.y
    );
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}
