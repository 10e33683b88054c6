import { addShapes, replaceShapes, shapeById } from '../model/document';
import { boundsBetween, distance } from '../model/geometry';
import type { Bounds, Geometry, KeyPoint, KeyPointsShape, Visibility } from '../model/shapes';
import { clampPoint } from '../model/transform';
import { SMALLEST } from '../model/validate';
import type { Overlay } from '../render/overlay';
import type { Point } from '../viewport';
import type { Order } from './orders';
import {
  moved,
  reach,
  type Tool,
  type ToolContext,
  type ToolKey,
  type ToolName,
  type ToolPointer,
} from './tool';

/** Tools that need a press or two: box, turned box, point, key points. */

/** Adds a new shape on top and chooses it. False when it was refused. */
export function addNew(context: ToolContext, geometry: Geometry): boolean {
  const shape = context.make(geometry);
  return context.commit(addShapes(context.document, [shape]), 'draw', { selection: [shape.id] });
}

abstract class DrawingTool implements Tool {
  abstract readonly name: ToolName;
  readonly cursor: string = 'crosshair';
  abstract readonly busy: boolean;
  abstract readonly overlay: Overlay;
  constructor(protected readonly context: ToolContext) {}
  abstract down(pointer: ToolPointer): void;
  abstract move(pointer: ToolPointer): void;
  up(_pointer: ToolPointer): void {}
  abstract cancel(): void;

  key({ code }: ToolKey): boolean {
    if (code !== 'Escape' || !this.busy) return false;
    this.cancel();
    return true;
  }

  protected inside(pointer: ToolPointer): Point {
    return clampPoint(pointer.point, this.context.document);
  }
}

/** Drag from corner to corner, or click both. Shift makes a square. */
export class BoxTool extends DrawingTool {
  readonly name = 'box';
  private from: ToolPointer | null = null;
  private to: Point | null = null;

  get busy(): boolean {
    return this.from !== null;
  }

  get overlay(): Overlay {
    const bounds = this.bounds();
    return bounds ? { shapes: [this.context.make(boxOf(bounds))] } : {};
  }

  private bounds(): Bounds | null {
    return this.from && this.to ? boundsBetween(this.inside(this.from), this.to) : null;
  }

  down(pointer: ToolPointer): void {
    if (this.from) this.finish(pointer);
    else {
      this.from = pointer;
      this.to = this.inside(pointer);
    }
    this.context.redraw();
  }

  move(pointer: ToolPointer): void {
    if (!this.from) return;
    this.to = this.corner(this.inside(this.from), pointer);
    this.context.redraw();
  }

  override up(pointer: ToolPointer): void {
    if (this.from && moved(this.from, pointer)) this.finish(pointer);
  }

  private corner(from: Point, pointer: ToolPointer): Point {
    const to = this.inside(pointer);
    if (!pointer.shift) return to;
    const side = Math.min(Math.abs(to.x - from.x), Math.abs(to.y - from.y));
    return { x: from.x + Math.sign(to.x - from.x) * side, y: from.y + Math.sign(to.y - from.y) * side };
  }

  private finish(pointer: ToolPointer): void {
    if (!this.from) return;
    const bounds = boundsBetween(this.inside(this.from), this.corner(this.inside(this.from), pointer));
    this.cancel();
    addNew(this.context, boxOf(bounds));
  }

  cancel(): void {
    this.from = null;
    this.to = null;
    this.context.redraw();
  }
}

const boxOf = ({ minX, minY, maxX, maxY }: Bounds): Geometry => ({
  kind: 'box',
  x: minX,
  y: minY,
  width: maxX - minX,
  height: maxY - minY,
});

/** Draw one side, then say how far the other is: three clicks, or a drag and a click. */
export class RotatedBoxTool extends DrawingTool {
  readonly name = 'rotated_box';
  private from: ToolPointer | null = null;
  private side: Point | null = null;
  private to: Point | null = null;

  get busy(): boolean {
    return this.from !== null;
  }

  get overlay(): Overlay {
    if (!this.from || !this.to) return {};
    const geometry = this.geometry();
    if (geometry) return { shapes: [this.context.make(geometry)] };
    return { lines: [{ points: [this.inside(this.from), this.to], dashed: false }] };
  }

  private geometry(): Geometry | null {
    if (!this.from || !this.side || !this.to) return null;
    return turnedBox(this.inside(this.from), this.side, this.to);
  }

  down(pointer: ToolPointer): void {
    if (!this.from) this.from = pointer;
    else if (!this.side) this.setSide(pointer);
    else {
      this.to = pointer.point;
      const geometry = this.geometry();
      this.cancel();
      if (geometry) addNew(this.context, geometry);
    }
    this.context.redraw();
  }

  move(pointer: ToolPointer): void {
    if (!this.from) return;
    this.to = this.side ? pointer.point : this.inside(pointer);
    this.context.redraw();
  }

  override up(pointer: ToolPointer): void {
    if (this.from && !this.side && moved(this.from, pointer)) this.setSide(pointer);
  }

  private setSide(pointer: ToolPointer): void {
    const to = this.inside(pointer);
    if (this.from && distance(this.inside(this.from), to) >= SMALLEST) this.side = to;
  }

  cancel(): void {
    this.from = null;
    this.side = null;
    this.to = null;
    this.context.redraw();
  }
}

/** The box over the side from a to b that reaches as far as the point. */
export function turnedBox(a: Point, b: Point, reaching: Point): Geometry {
  const width = distance(a, b);
  const [ux, uy] = [(b.x - a.x) / width, (b.y - a.y) / width];
  // How far the point lies off the side, positive below it as one looks along it.
  const off = (reaching.x - a.x) * -uy + (reaching.y - a.y) * ux;
  return {
    kind: 'rotated_box',
    cx: (a.x + b.x) / 2 - (uy * off) / 2,
    cy: (a.y + b.y) / 2 + (ux * off) / 2,
    width,
    height: Math.abs(off),
    angle: (Math.atan2(uy, ux) * 180) / Math.PI,
  };
}

export class PointTool extends DrawingTool {
  readonly name = 'point';
  readonly busy = false;
  readonly overlay: Overlay = {};

  down(pointer: ToolPointer): void {
    addNew(this.context, { kind: 'point', ...this.inside(pointer) });
  }

  move(): void {}
  cancel(): void {}
}

/**
 * Drag a box and the whole skeleton stands in it; then press on the points one after the other. Tab goes to the next, O says
 * it is hidden, N that it is not there.
 */
export class KeyPointsTool extends DrawingTool {
  readonly name = 'keypoints';
  private from: ToolPointer | null = null;
  private to: Point | null = null;
  private placing: { readonly id: string; readonly index: number } | null = null;

  get busy(): boolean {
    return this.from !== null;
  }

  get overlay(): Overlay {
    if (this.from && this.to) {
      const geometry = this.skeleton(boundsBetween(this.inside(this.from), this.to));
      return geometry ? { shapes: [this.context.make(geometry)] } : {};
    }
    const here = this.placed()?.points[this.placing?.index ?? -1];
    return here ? { ring: { x: here.x, y: here.y, radius: 9 / this.context.scale } } : {};
  }

  get orders(): readonly Order[] {
    if (this.placed()) return ['hidden', 'absent', 'next_point', 'finish'];
    return this.busy ? ['cancel'] : [];
  }

  /** Which point comes next, for the page to name. */
  get next(): string | null {
    return this.context.template?.names[this.placing?.index ?? -1] ?? null;
  }

  private placed(): KeyPointsShape | null {
    const shape = this.placing && shapeById(this.context.document, this.placing.id);
    return shape?.kind === 'keypoints' && this.context.editable(shape) ? shape : null;
  }

  private skeleton({ minX, minY, maxX, maxY }: Bounds): Geometry | null {
    const { template } = this.context;
    if (!template) return null;
    const points = template.layout.map(
      ({ x, y }): KeyPoint => ({
        x: minX + x * (maxX - minX),
        y: minY + y * (maxY - minY),
        visibility: 2,
      }),
    );
    return { kind: 'keypoints', template: template.key, points };
  }

  down(pointer: ToolPointer): void {
    if (!this.context.template) this.context.refuse('unknown_template');
    else if (this.placed()) this.set(this.inside(pointer), 2);
    else {
      this.from = pointer;
      this.to = this.inside(pointer);
    }
    this.context.redraw();
  }

  move(pointer: ToolPointer): void {
    if (!this.from) return;
    this.to = this.inside(pointer);
    this.context.redraw();
  }

  override up(pointer: ToolPointer): void {
    if (!this.from) return;
    const { from } = this;
    const area = boundsBetween(this.inside(from), this.inside(pointer));
    const geometry = this.skeleton(area);
    this.from = null;
    this.to = null;
    if (!moved(from, pointer) || !geometry) this.context.redraw();
    else if (addNew(this.context, geometry)) {
      const [id] = this.context.selection;
      if (id) this.placing = { id, index: 0 };
      this.context.redraw();
    }
  }

  override key(key: ToolKey): boolean {
    const shape = this.placed();
    if (!shape || !this.placing) return super.key(key);
    const here = shape.points[this.placing.index];
    switch (key.code) {
      case 'Tab':
        this.go(key.shift ? -1 : 1, shape.points.length);
        return true;
      case 'KeyO':
        if (here) this.set(here, 1);
        return true;
      case 'KeyN':
        this.set({ x: 0, y: 0 }, 0);
        return true;
      case 'Enter':
      case 'Escape':
        this.placing = null;
        this.context.redraw();
        return true;
      default:
        return false;
    }
  }

  private set(at: Point, visibility: Visibility): void {
    const shape = this.placed();
    if (!shape || !this.placing) return;
    const points = shape.points.with(this.placing.index, { x: at.x, y: at.y, visibility });
    if (!this.context.commit(replaceShapes(this.context.document, [{ ...shape, points }]), 'key_point'))
      return;
    if (this.placing.index === points.length - 1) this.placing = null;
    else this.go(1, points.length);
    this.context.redraw();
  }

  private go(by: number, count: number): void {
    if (!this.placing) return;
    this.placing = { id: this.placing.id, index: (this.placing.index + by + count) % count };
    this.context.redraw();
  }

  cancel(): void {
    this.from = null;
    this.to = null;
    this.placing = null;
    this.context.redraw();
  }
}

/** Whether the pointer is on a point, as far as a hand can tell. */
export const near = (context: ToolContext, pointer: ToolPointer, point: Point): boolean =>
  distance(pointer.point, point) * context.scale <= reach(pointer);
