import { cutPatch, type Patch } from '../mask/rle';
import { makeShape, type Shape, type SkeletonTemplate } from '../model/shapes';
import { type Point, type Size, toScreen, type View } from '../viewport';
import type { LookOf } from './look';
import type { InkSource, Overlay } from './overlay';
import { paintShape, tintPatch } from './paint';

export interface ActiveScene {
  /** The chosen shapes, drawn with emphasis. */
  readonly chosen: readonly Shape[];
  readonly overlay: Overlay;
  readonly crosshair: Point | null;
  readonly look: LookOf;
  readonly template: (key: string) => SkeletonTemplate | null;
}

/** What moves: chosen shapes, the shape under the hand, handles, the rubber band, the crosshair. Cleared on every frame. */
export class ActiveLayer {
  readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D | null;
  private screen: Size = { width: 1, height: 1 };
  private ratio = 1;
  private blank = true;
  private inked: { patch: Patch; classKey: string; canvas: OffscreenCanvas } | null = null;

  constructor(host: HTMLElement) {
    this.canvas = host.ownerDocument.createElement('canvas');
    this.canvas.style.cssText = 'position:absolute;inset:0;pointer-events:none';
    host.append(this.canvas);
    this.context = this.canvas.getContext('2d');
  }

  destroy(): void {
    this.canvas.remove();
  }

  resize(screen: Size, ratio: number): void {
    this.screen = screen;
    this.ratio = ratio;
    this.canvas.width = Math.round(screen.width * ratio);
    this.canvas.height = Math.round(screen.height * ratio);
    this.canvas.style.width = `${screen.width}px`;
    this.canvas.style.height = `${screen.height}px`;
    this.blank = true;
  }

  paint(scene: ActiveScene, view: View): void {
    const { context } = this;
    if (!context) return;
    const empty = isEmpty(scene);
    if (empty && this.blank) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.blank = empty;
    if (empty) return;
    this.paintShapes(context, scene, view);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.paintAids(context, scene, view);
  }

  private paintShapes(context: CanvasRenderingContext2D, scene: ActiveScene, view: View): void {
    const scale = view.scale * this.ratio;
    context.setTransform(scale, 0, 0, scale, view.x * this.ratio, view.y * this.ratio);
    const work = { scale, ratio: this.ratio, template: scene.template, emphasis: true };
    const { lifted, ink, shapes = [] } = scene.overlay;
    for (const shape of scene.chosen) {
      if (!lifted?.has(shape.id)) paintShape(context, shape, scene.look(shape), work);
    }
    for (const shape of shapes) paintShape(context, shape, scene.look(shape), work);
    if (!ink) {
      this.inked = null;
      return;
    }
    const colour = scene.look(makeShape({ kind: 'point', x: 0, y: 0 }, ink.classKey, 'ink')).colour;
    const canvas = this.inkCanvas(ink.source, ink.classKey, colour);
    context.globalAlpha = 0.6;
    context.imageSmoothingEnabled = scale < 1;
    context.drawImage(canvas, ink.source.patch.x, ink.source.patch.y);
    context.globalAlpha = 1;
  }

  /** Only what the brush has touched since the last frame is tinted anew. */
  private inkCanvas(source: InkSource, classKey: string, colour: string): OffscreenCanvas {
    const { patch } = source;
    const dirty = source.takeDirty();
    if (this.inked?.patch !== patch || this.inked.classKey !== classKey) {
      this.inked = { patch, classKey, canvas: tintPatch(patch, colour) };
    } else if (dirty) {
      const part = cutPatch(patch, dirty);
      const context = this.inked.canvas.getContext('2d');
      context?.clearRect(part.x - patch.x, part.y - patch.y, part.width, part.height);
      context?.drawImage(tintPatch(part, colour), part.x - patch.x, part.y - patch.y);
    }
    return this.inked.canvas;
  }

  private paintAids(
    context: CanvasRenderingContext2D,
    { overlay, crosshair }: ActiveScene,
    view: View,
  ): void {
    for (const { points, dashed } of overlay.lines ?? []) {
      context.beginPath();
      for (const point of points) {
        const { x, y } = toScreen(view, point);
        context.lineTo(x, y);
      }
      twice(context, dashed ? [5, 4] : []);
    }
    for (const dot of overlay.dots ?? []) knob(context, toScreen(view, dot), 3, true);
    for (const handle of overlay.handles ?? []) {
      const round = handle.kind === 'turn' || handle.kind === 'key_point' || handle.kind === 'edge';
      knob(context, toScreen(view, handle), handle.kind === 'edge' ? 3 : 4.5, round);
    }
    if (overlay.rectangle) {
      const { minX, minY, maxX, maxY } = overlay.rectangle;
      const a = toScreen(view, { x: minX, y: minY });
      const b = toScreen(view, { x: maxX, y: maxY });
      context.beginPath();
      context.rect(a.x, a.y, b.x - a.x, b.y - a.y);
      context.fillStyle = '#ffffff18';
      context.fill();
      twice(context, [4, 3]);
    }
    if (overlay.ring) {
      const { x, y } = toScreen(view, overlay.ring);
      context.beginPath();
      context.arc(x, y, Math.max(1, overlay.ring.radius * view.scale), 0, 2 * Math.PI);
      twice(context, []);
    }
    if (crosshair) this.paintCrosshair(context, toScreen(view, crosshair));
  }

  private paintCrosshair(context: CanvasRenderingContext2D, at: Point): void {
    context.beginPath();
    context.moveTo(Math.round(at.x) + 0.5, 0);
    context.lineTo(Math.round(at.x) + 0.5, this.screen.height);
    context.moveTo(0, Math.round(at.y) + 0.5);
    context.lineTo(this.screen.width, Math.round(at.y) + 0.5);
    context.setLineDash([]);
    context.lineWidth = 1;
    context.strokeStyle = '#ffffff90';
    context.stroke();
  }
}

/** Light on dark, so that it is seen on any picture. */
function twice(context: CanvasRenderingContext2D, dash: readonly number[]): void {
  context.setLineDash([]);
  context.lineWidth = 3;
  context.strokeStyle = '#000000a0';
  context.stroke();
  context.setLineDash([...dash]);
  context.lineWidth = 1.25;
  context.strokeStyle = '#ffffff';
  context.stroke();
  context.setLineDash([]);
}

function knob(context: CanvasRenderingContext2D, { x, y }: Point, radius: number, round: boolean): void {
  context.beginPath();
  if (round) context.arc(x, y, radius, 0, 2 * Math.PI);
  else context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
  context.fillStyle = '#ffffff';
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = '#10151a';
  context.stroke();
}

function isEmpty({ chosen, overlay, crosshair }: ActiveScene): boolean {
  const some = (list: readonly unknown[] | undefined) => (list?.length ?? 0) > 0;
  return !(
    chosen.length > 0 ||
    crosshair ||
    overlay.rectangle ||
    overlay.ring ||
    overlay.ink ||
    some(overlay.shapes) ||
    some(overlay.lines) ||
    some(overlay.dots) ||
    some(overlay.handles)
  );
}
