import { dragHandle, type Handle, handleAt, handlesOf } from '../hit/handles';
import { hitTop, inRectangle } from '../hit/hitTest';
import { shapeBounds } from '../model/bounds';
import { replaceShapes } from '../model/document';
import { boundsBetween, unite } from '../model/geometry';
import type { Bounds, Shape } from '../model/shapes';
import { clampMove, deleteVertex, moveShape, type VertexPlace } from '../model/transform';
import type { Overlay } from '../render/overlay';
import type { Order } from './orders';
import { moved, reach, type Tool, type ToolContext, type ToolKey, type ToolPointer } from './tool';

type State =
  | { readonly at: 'rest' }
  | { readonly at: 'pressed'; readonly from: ToolPointer; readonly alone: string | null }
  | {
      readonly at: 'moving';
      readonly from: ToolPointer;
      readonly shapes: readonly Shape[];
      now: readonly Shape[];
    }
  | {
      readonly at: 'pulling';
      readonly from: ToolPointer;
      readonly handle: Handle;
      readonly start: Shape;
      now: Shape;
    }
  | {
      readonly at: 'banding';
      readonly from: ToolPointer;
      to: ToolPointer;
      readonly kept: ReadonlySet<string>;
    };

const REST: State = { at: 'rest' };

/** Choosing, moving, pulling at handles, rubber band. */
export class SelectTool implements Tool {
  readonly name = 'select';
  private state: State = REST;
  private hover: Handle | Shape | null = null;
  /** The vertex that was pressed last; Delete takes it before it takes the shape. */
  private picked: (VertexPlace & { readonly shape: Shape }) | null = null;

  constructor(private readonly context: ToolContext) {}

  get busy(): boolean {
    return this.state.at !== 'rest' && this.state.at !== 'pressed';
  }

  get cursor(): string {
    if (this.state.at === 'moving') return 'grabbing';
    if (!this.hover) return 'default';
    return 'id' in this.hover ? 'move' : 'crosshair';
  }

  get overlay(): Overlay {
    const { state } = this;
    switch (state.at) {
      case 'moving':
        return { shapes: state.now, lifted: new Set(state.now.map((shape) => shape.id)) };
      case 'pulling':
        return {
          shapes: [state.now],
          lifted: new Set([state.now.id]),
          handles: handlesOf(state.now, this.context.scale),
        };
      case 'banding':
        return { rectangle: boundsBetween(state.from.point, state.to.point) };
      default: {
        const only = this.only();
        return only ? { handles: handlesOf(only, this.context.scale) } : {};
      }
    }
  }

  get orders(): readonly Order[] {
    const { picked } = this;
    const line = picked?.shape.kind === 'polygon' || picked?.shape.kind === 'polyline';
    return line && !this.busy && this.only() === picked.shape ? ['delete_vertex'] : [];
  }

  /** Handles belong to one shape; several are moved together. */
  private only(): Shape | null {
    const [shape, other] = this.context.chosen;
    return shape && !other && this.context.editable(shape) ? shape : null;
  }

  private handleUnder(pointer: ToolPointer): { handle: Handle; start: Shape } | null {
    const start = this.only();
    if (!start) return null;
    const { scale } = this.context;
    const handle = handleAt(handlesOf(start, scale), pointer.point, (reach(pointer) + 2) / scale);
    return handle ? { handle, start } : null;
  }

  private shapeUnder(pointer: ToolPointer): Shape | null {
    const { index, scale, editable } = this.context;
    return hitTop(index, pointer.point, reach(pointer) / scale, editable);
  }

  down(pointer: ToolPointer): void {
    const grip = this.handleUnder(pointer);
    this.picked = null;
    if (grip) {
      this.take(grip, pointer);
      return;
    }
    const shape = this.shapeUnder(pointer);
    const { selection } = this.context;
    if (!shape) {
      const kept = pointer.shift ? selection : new Set<string>();
      if (!pointer.shift) this.context.select([]);
      this.state = { at: 'banding', from: pointer, to: pointer, kept };
    } else if (pointer.shift || pointer.ctrl) {
      const next = new Set(selection);
      if (!next.delete(shape.id)) next.add(shape.id);
      this.context.select(next);
      this.state = next.has(shape.id) ? { at: 'pressed', from: pointer, alone: null } : REST;
    } else {
      const among = selection.has(shape.id) && selection.size > 1;
      if (!selection.has(shape.id)) this.context.select([shape.id]);
      // One of several that is pressed and not moved is meant alone.
      this.state = { at: 'pressed', from: pointer, alone: among ? shape.id : null };
    }
    this.context.redraw();
  }

  private take({ handle, start }: { handle: Handle; start: Shape }, pointer: ToolPointer): void {
    if (handle.kind === 'vertex') {
      this.picked = { ring: handle.ring, vertex: handle.vertex, shape: start };
      if (pointer.alt) {
        this.deletePicked();
        return;
      }
    }
    this.state = { at: 'pulling', from: pointer, handle, start, now: start };
    this.context.redraw();
  }

  move(pointer: ToolPointer): void {
    const { state } = this;
    if (state.at === 'rest') {
      this.hover = this.handleUnder(pointer)?.handle ?? this.shapeUnder(pointer);
      return;
    }
    if (state.at === 'banding') state.to = pointer;
    else if (!moved(state.from, pointer) && state.at === 'pressed') return;
    else if (state.at === 'pressed') this.lift(state.from, pointer);
    else if (state.at === 'moving') state.now = this.shifted(state.shapes, state.from, pointer);
    else state.now = this.pulled(state.start, state.handle, state.from, pointer);
    this.context.redraw();
  }

  private lift(from: ToolPointer, pointer: ToolPointer): void {
    const shapes = this.context.chosen.filter(this.context.editable);
    this.state = { at: 'moving', from, shapes, now: this.shifted(shapes, from, pointer) };
  }

  /** With Shift along one axis only. */
  private shifted(shapes: readonly Shape[], from: ToolPointer, to: ToolPointer): Shape[] {
    const around = shapes.map(shapeBounds).reduce<Bounds | null>((all, b) => (all ? unite(all, b) : b), null);
    if (!around) return [];
    let [x, y] = [to.point.x - from.point.x, to.point.y - from.point.y];
    if (to.shift) [x, y] = Math.abs(x) > Math.abs(y) ? [x, 0] : [0, y];
    const { dx, dy } = clampMove(around, x, y, this.context.document);
    return shapes.map((shape) => moveShape(shape, dx, dy));
  }

  private pulled(start: Shape, handle: Handle, from: ToolPointer, to: ToolPointer): Shape {
    if (!moved(from, to)) return start;
    return dragHandle(start, handle, to.point, this.context.document, { steady: to.shift });
  }

  up(pointer: ToolPointer): void {
    const { state } = this;
    this.state = REST;
    const { document } = this.context;
    if (state.at === 'pressed' && state.alone !== null) this.context.select([state.alone]);
    if (state.at === 'moving') this.context.commit(replaceShapes(document, state.now), 'move');
    if (state.at === 'pulling' && state.now !== state.start)
      this.context.commit(
        replaceShapes(document, [state.now]),
        state.handle.kind === 'turn' ? 'turn' : 'reshape',
      );
    if (state.at === 'banding') this.band(state.from, pointer, state.kept);
    this.context.redraw();
  }

  private band(from: ToolPointer, to: ToolPointer, kept: ReadonlySet<string>): void {
    if (!moved(from, to)) return;
    const leftwards = to.screen.x < from.screen.x;
    const area = boundsBetween(from.point, to.point);
    const found = inRectangle(this.context.index, area, leftwards, this.context.editable);
    this.context.select([...kept, ...found.map((shape) => shape.id)]);
  }

  key({ code }: ToolKey): boolean {
    if ((code === 'Delete' || code === 'Backspace') && this.picked) return this.deletePicked();
    if (code === 'Escape' && this.busy) {
      this.cancel();
      return true;
    }
    return false;
  }

  private deletePicked(): boolean {
    const { picked } = this;
    this.picked = null;
    if (!picked || this.only() !== picked.shape) return false;
    const { shape } = picked;
    if (shape.kind !== 'polygon' && shape.kind !== 'polyline') return false;
    const next = deleteVertex(shape, picked);
    if (next) this.context.commit(replaceShapes(this.context.document, [next]), 'delete_vertex');
    else this.context.refuse('too_few_points');
    return true;
  }

  cancel(): void {
    this.state = REST;
    this.picked = null;
    this.context.redraw();
  }
}
