import { distance } from '../model/geometry';
import type { Geometry } from '../model/shapes';
import { clampPoint } from '../model/transform';
import type { Overlay } from '../render/overlay';
import type { Point } from '../viewport';
import { cutOut, slice } from './booleanActions';
import type { Order } from './orders';
import { addNew, near } from './shapeTools';
import type { Tool, ToolContext, ToolKey, ToolName, ToolPointer } from './tool';

/**
 * Tools that lay one point after the other: polygon, polyline, and the ring of a cut. A click adds a point; holding and
 * drawing adds points along the way. Enter or a double click ends it, a click on the first point closes it, Backspace
 * takes the last point back.
 */

/** Pixels of the screen between the points of a line drawn by hand. */
const FREEHAND_STEP = 9;

abstract class PathTool implements Tool {
  abstract readonly name: ToolName;
  readonly cursor = 'crosshair';
  protected points: Point[] = [];
  private hover: Point | null = null;
  private held = false;

  constructor(protected readonly context: ToolContext) {}

  protected abstract readonly closed: boolean;
  /** Gets at least as many points as the shape needs. */
  protected abstract finish(points: readonly Point[]): void;

  get busy(): boolean {
    return this.points.length > 0;
  }

  get overlay(): Overlay {
    if (!this.busy) return {};
    const line = this.hover ? [...this.points, this.hover] : this.points;
    const [first] = this.points;
    const back =
      this.closed && first && line.length > 2
        ? [{ points: [line.at(-1) ?? first, first], dashed: true }]
        : [];
    return { lines: [{ points: line, dashed: false }, ...back], dots: this.points };
  }

  get orders(): readonly Order[] {
    return this.busy ? ['finish', 'take_back', 'cancel'] : [];
  }

  down(pointer: ToolPointer): void {
    const [first] = this.points;
    if (first && this.closed && this.points.length >= 3 && near(this.context, pointer, first)) {
      this.end();
      return;
    }
    const at = clampPoint(pointer.point, this.context.document);
    const last = this.points.at(-1);
    // The second press of a double click ends the line; it adds no point on the same spot.
    if (pointer.clicks > 1 && last && near(this.context, pointer, last)) {
      this.end();
      return;
    }
    this.held = true;
    this.add(at);
    this.context.redraw();
  }

  move(pointer: ToolPointer): void {
    this.hover = clampPoint(pointer.point, this.context.document);
    if (!this.busy) return;
    const last = this.points.at(-1);
    if (this.held && last && distance(last, this.hover) * this.context.scale >= FREEHAND_STEP)
      this.add(this.hover);
    this.context.redraw();
  }

  up(_pointer: ToolPointer): void {
    this.held = false;
  }

  protected add(point: Point): void {
    const last = this.points.at(-1);
    if (!last || distance(last, point) > 0.01) this.points.push(point);
  }

  key({ code }: ToolKey): boolean {
    if (!this.busy) return false;
    if (code === 'Enter' || code === 'NumpadEnter') this.end();
    else if (code === 'Backspace') this.takeBack();
    else if (code === 'Escape') this.cancel();
    else return false;
    this.context.redraw();
    return true;
  }

  protected takeBack(): void {
    this.points.pop();
  }

  /** With too few points it goes on being drawn. */
  private end(): void {
    const { points } = this;
    if (points.length < (this.closed ? 3 : 2)) {
      this.context.refuse('too_few_points');
      return;
    }
    this.held = false;
    this.finish(points);
    this.context.redraw();
  }

  cancel(): void {
    this.points = [];
    this.held = false;
    this.context.redraw();
  }
}

/** A refused outline stays in the hand, so that its last points can be taken back and laid anew. */
abstract class ShapePathTool extends PathTool {
  protected abstract geometry(points: readonly Point[]): Geometry;

  protected finish(points: readonly Point[]): void {
    if (addNew(this.context, this.geometry(points))) this.cancel();
  }
}

export class PolygonTool extends ShapePathTool {
  readonly name = 'polygon';
  protected readonly closed = true;

  protected geometry(points: readonly Point[]): Geometry {
    return { kind: 'polygon', rings: [points] };
  }
}

export class PolylineTool extends ShapePathTool {
  readonly name = 'polyline';
  protected readonly closed = false;

  protected geometry(points: readonly Point[]): Geometry {
    return { kind: 'polyline', points };
  }
}

/** The ring that is drawn is taken out of the chosen polygons. */
export class CutTool extends PathTool {
  readonly name = 'cut';
  protected readonly closed = true;

  protected finish(points: readonly Point[]): void {
    this.cancel();
    void cutOut(this.context, points);
  }
}

/** Two clicks, or a drag: the chosen polygons are cut in two along the line. */
export class SliceTool implements Tool {
  readonly name = 'slice';
  readonly cursor = 'crosshair';
  private from: Point | null = null;
  private to: Point | null = null;

  constructor(private readonly context: ToolContext) {}

  get busy(): boolean {
    return this.from !== null;
  }

  get overlay(): Overlay {
    return this.from && this.to ? { lines: [{ points: [this.from, this.to], dashed: true }] } : {};
  }

  down(pointer: ToolPointer): void {
    if (this.from) this.finish(pointer.point);
    else this.from = pointer.point;
  }

  move(pointer: ToolPointer): void {
    if (!this.from) return;
    this.to = pointer.point;
    this.context.redraw();
  }

  up(pointer: ToolPointer): void {
    if (this.from && !near(this.context, pointer, this.from)) this.finish(pointer.point);
  }

  private finish(to: Point): void {
    const { from } = this;
    this.cancel();
    if (from) void slice(this.context, from, to);
  }

  key({ code }: ToolKey): boolean {
    if (code !== 'Escape' || !this.busy) return false;
    this.cancel();
    return true;
  }

  cancel(): void {
    this.from = null;
    this.to = null;
    this.context.redraw();
  }
}
