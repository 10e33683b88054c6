import type { SpatialIndex } from '../hit/SpatialIndex';
import { shapeBounds } from '../model/bounds';
import type { ShapeDocument } from '../model/document';
import { grow, overlaps } from '../model/geometry';
import type { Bounds, Shape, SkeletonTemplate } from '../model/shapes';
import { type Size, staysSharp, toPicture, transformBetween, type View } from '../viewport';
import type { LookOf } from './look';
import { paintShape } from './paint';

/**
 * The shapes nobody is changing, painted once and then only moved. The painting reaches beyond the screen on every side;
 * a gesture moves it by a CSS transform. When the view leaves what is painted, or rests at another scale, the shapes are
 * painted anew on a second canvas, a slice a frame, and the canvases change places when it is done.
 */

/** CSS pixels that are painted around the screen. */
const OVERSCAN = 256;
/** Vertices a frame. Rastering without a GPU costs more than the calls, so it is counted and not timed. */
const SLICE = 6_000;
/** What a shape costs besides its vertices. */
const BASE_COST = 6;
const SETTLE_MS = 80;
/** More changed shapes than this are not mended one by one. */
const MEND_LIMIT = 48;

export interface Scene {
  readonly document: ShapeDocument;
  readonly index: SpatialIndex;
  /** False for shapes that are hidden, or that somebody is changing on the layer above. */
  readonly shows: (shape: Shape) => boolean;
  readonly look: LookOf;
  readonly template: (key: string) => SkeletonTemplate | null;
}

interface Sheet {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D | null;
  view: View;
}

interface Job {
  readonly view: View;
  readonly shapes: readonly Shape[];
  next: number;
}

export class StaticLayer {
  private front: Sheet;
  private back: Sheet;
  private scene: Scene | null = null;
  private shown = new Set<Shape>();
  private view: View = { scale: 1, x: 0, y: 0 };
  private screen: Size = { width: 1, height: 1 };
  private job: Job | null = null;
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Whole paintings begun since the layer was made, for tests and the benchmark. */
  paintings = 0;

  constructor(private readonly host: HTMLElement) {
    this.front = this.sheet();
    this.back = this.sheet();
    this.back.canvas.style.visibility = 'hidden';
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.front.canvas.remove();
    this.back.canvas.remove();
  }

  resize(screen: Size, ratio: number): void {
    this.screen = screen;
    for (const { canvas } of [this.front, this.back]) {
      canvas.width = Math.round((screen.width + 2 * OVERSCAN) * ratio);
      canvas.height = Math.round((screen.height + 2 * OVERSCAN) * ratio);
      canvas.style.width = `${screen.width + 2 * OVERSCAN}px`;
      canvas.style.height = `${screen.height + 2 * OVERSCAN}px`;
    }
    this.repaint();
  }

  /** Another picture: painted before this returns as far as a slice goes. */
  show(scene: Scene | null, view: View): void {
    this.scene = scene;
    this.view = view;
    this.shown = new Set(scene?.document.shapes.filter(scene.shows));
    this.clear(this.front);
    this.repaint();
  }

  moveTo(view: View): void {
    this.view = view;
    this.place();
    if (this.job) return;
    if (!this.covered()) this.repaint();
    else if (!staysSharp(this.front.view, view, this.ratio)) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.repaint(), SETTLE_MS);
    }
  }

  /** Takes over what has changed. A few shapes are mended in place, many mean painting anew. */
  update(scene: Scene): void {
    const before = this.shown;
    const previous = this.scene;
    const now = new Set(scene.document.shapes.filter(scene.shows));
    this.scene = scene;
    this.shown = now;
    const changed = [...before].filter((shape) => !now.has(shape));
    for (const shape of now) if (!before.has(shape)) changed.push(shape);
    if (changed.length === 0) changed.push(...restacked(before, now));
    const restyled = previous !== null && previous.look !== scene.look;
    if (restyled || changed.length > MEND_LIMIT) {
      this.repaint();
      return;
    }
    for (const shape of changed) this.mend(this.front, shapeBounds(shape));
    // What is being painted behind may have passed the changed shapes already.
    if (this.job && changed.length > 0) this.repaint();
  }

  private sheet(): Sheet {
    const canvas = this.host.ownerDocument.createElement('canvas');
    canvas.style.cssText = `position:absolute;left:-${OVERSCAN}px;top:-${OVERSCAN}px;transform-origin:${OVERSCAN}px ${OVERSCAN}px;pointer-events:none`;
    this.host.append(canvas);
    return { canvas, context: canvas.getContext('2d'), view: { scale: 1, x: 0, y: 0 } };
  }

  private repaint(): void {
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
    this.job = null;
    if (!this.scene) {
      this.clear(this.front);
      return;
    }
    this.paintings += 1;
    this.clear(this.back);
    this.back.view = this.view;
    const shapes = this.scene.index.search(this.areaOf(this.view)).filter((shape) => this.shown.has(shape));
    this.job = { view: this.view, shapes, next: 0 };
    this.slice();
  }

  private slice = (): void => {
    const { job, scene } = this;
    if (!job || !scene) return;
    const context = this.aim(this.back);
    for (let cost = 0; cost < SLICE && job.next < job.shapes.length; job.next += 1) {
      const shape = job.shapes[job.next];
      if (shape && context) cost += BASE_COST + this.paint(context, shape, scene, job.view);
    }
    if (job.next < job.shapes.length) {
      this.frame = requestAnimationFrame(this.slice);
      return;
    }
    this.job = null;
    [this.front, this.back] = [this.back, this.front];
    this.place();
    this.front.canvas.style.visibility = 'visible';
    this.back.canvas.style.visibility = 'hidden';
    // The view may have gone on meanwhile.
    this.moveTo(this.view);
  };

  private paint(context: CanvasRenderingContext2D, shape: Shape, scene: Scene, view: View): number {
    const { ratio } = this;
    const { template, look } = scene;
    return paintShape(context, shape, look(shape), {
      scale: view.scale * ratio,
      ratio,
      template,
      emphasis: false,
    });
  }

  /** Paints one rectangle of the picture anew, with all that lies in it, in its order. */
  private mend(sheet: Sheet, bounds: Bounds): void {
    const { scene } = this;
    const context = this.aim(sheet);
    if (!scene || !context || bounds.minX > bounds.maxX) return;
    const area = grow(bounds, 8 / sheet.view.scale);
    if (!overlaps(area, this.areaOf(sheet.view))) return;
    context.save();
    context.beginPath();
    context.rect(area.minX, area.minY, area.maxX - area.minX, area.maxY - area.minY);
    context.clip();
    context.clearRect(area.minX, area.minY, area.maxX - area.minX, area.maxY - area.minY);
    for (const shape of scene.index.search(area)) {
      if (this.shown.has(shape)) this.paint(context, shape, scene, sheet.view);
    }
    context.restore();
  }

  private get ratio(): number {
    return this.front.canvas.width / (this.screen.width + 2 * OVERSCAN);
  }

  /** Makes the context map pixels of the picture to the sheet. */
  private aim(sheet: Sheet): CanvasRenderingContext2D | null {
    const { ratio } = this;
    const { scale, x, y } = sheet.view;
    sheet.context?.setTransform(
      scale * ratio,
      0,
      0,
      scale * ratio,
      (x + OVERSCAN) * ratio,
      (y + OVERSCAN) * ratio,
    );
    return sheet.context;
  }

  private clear({ canvas, context }: Sheet): void {
    context?.setTransform(1, 0, 0, 1, 0, 0);
    context?.clearRect(0, 0, canvas.width, canvas.height);
  }

  private place(): void {
    this.front.canvas.style.transform = transformBetween(this.front.view, this.view);
  }

  /** What the sheet shows of the picture, in its pixels. */
  private areaOf(view: View): Bounds {
    const low = toPicture(view, { x: -OVERSCAN, y: -OVERSCAN });
    const high = toPicture(view, { x: this.screen.width + OVERSCAN, y: this.screen.height + OVERSCAN });
    return { minX: low.x, minY: low.y, maxX: high.x, maxY: high.y };
  }

  /** Whether all of the picture that the screen shows now is painted. */
  private covered(): boolean {
    const { scene } = this;
    if (!scene) return true;
    const painted = this.areaOf(this.front.view);
    const low = toPicture(this.view, { x: 0, y: 0 });
    const high = toPicture(this.view, { x: this.screen.width, y: this.screen.height });
    const { width, height } = scene.document;
    return (
      Math.max(0, low.x) >= painted.minX - 1e-6 &&
      Math.max(0, low.y) >= painted.minY - 1e-6 &&
      Math.min(width, high.x) <= painted.maxX + 1e-6 &&
      Math.min(height, high.y) <= painted.maxY + 1e-6
    );
  }
}

/** The shapes that stand elsewhere in the stack than before. */
function restacked(before: ReadonlySet<Shape>, now: ReadonlySet<Shape>): Shape[] {
  const order = [...before];
  const moved: Shape[] = [];
  let at = 0;
  for (const shape of now) {
    if (order[at] !== shape) moved.push(shape);
    at += 1;
  }
  return moved;
}
