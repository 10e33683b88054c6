import { Ink } from '../mask/Ink';
import { shapeBounds } from '../model/bounds';
import { addShapes, removeShapes, replaceShapes } from '../model/document';
import type { MaskShape } from '../model/shapes';
import type { Overlay } from '../render/overlay';
import type { Point } from '../viewport';
import type { Order } from './orders';
import type { Tool, ToolContext, ToolKey, ToolPointer } from './tool';

const SMALLEST_BRUSH = 1;
const LARGEST_BRUSH = 1000;

/**
 * Brush and eraser. Paints into the one mask that is chosen, else begins a new one; a stroke is a step of history. A pen's
 * pressure makes the brush wider or narrower.
 */
export class MaskTool implements Tool {
  readonly cursor = 'none';
  private ink: Ink | null = null;
  private target: MaskShape | null = null;
  private last: Point | null = null;
  private hover: Point | null = null;
  private lastRadius = 0;

  constructor(
    private readonly context: ToolContext,
    readonly name: 'brush' | 'eraser',
  ) {}

  get busy(): boolean {
    return this.ink !== null;
  }

  get overlay(): Overlay {
    const ring = this.hover ? { ...this.hover, radius: this.lastRadius || this.radius(0.5) } : undefined;
    if (!this.ink) return { ring };
    return {
      ring,
      lifted: this.target ? new Set([this.target.id]) : undefined,
      ink: { source: this.ink, classKey: this.target?.classKey ?? this.context.classKey },
    };
  }

  get orders(): readonly Order[] {
    if (this.busy) return ['cancel'];
    return this.chosenMask() ? ['next_mask'] : [];
  }

  private radius(pressure: number): number {
    return Math.max(0.5, this.context.settings.brushSize * pressure);
  }

  private chosenMask(): MaskShape | null {
    const [shape, other] = this.context.chosen;
    return shape?.kind === 'mask' && !other && this.context.editable(shape) ? shape : null;
  }

  down(pointer: ToolPointer): void {
    const target = this.chosenMask();
    if (this.name === 'eraser' && !target) {
      this.context.refuse('nothing_chosen');
      return;
    }
    this.target = target;
    this.ink = new Ink(this.context.document, target?.mask ?? null, target ? shapeBounds(target) : null);
    this.last = null;
    this.dab(pointer);
  }

  move(pointer: ToolPointer): void {
    this.hover = pointer.point;
    if (this.ink) this.dab(pointer);
    else {
      this.lastRadius = 0;
      this.context.redraw();
    }
  }

  private dab(pointer: ToolPointer): void {
    this.hover = pointer.point;
    this.lastRadius = this.radius(pointer.type === 'pen' ? pointer.pressure : 0.5);
    this.ink?.stroke(
      this.last ?? pointer.point,
      pointer.point,
      this.lastRadius,
      this.name === 'brush' ? 1 : 0,
    );
    this.last = pointer.point;
    this.context.redraw();
  }

  up(_pointer: ToolPointer): void {
    const { ink, target, context } = this;
    this.ink = null;
    this.target = null;
    if (!ink) return;
    const mask = ink.toMask();
    if (target && mask) context.commit(replaceShapes(context.document, [{ ...target, mask }]), this.name);
    else if (target) context.commit(removeShapes(context.document, new Set([target.id])), this.name);
    else if (mask) {
      const shape = context.make({ kind: 'mask', mask });
      context.commit(addShapes(context.document, [shape]), this.name, { selection: [shape.id] });
    }
    context.redraw();
  }

  /** Brackets change the size; Enter ends the mask, so that the next stroke begins another. */
  key({ code }: ToolKey): boolean {
    if ((code === 'Enter' || code === 'NumpadEnter') && !this.busy && this.chosenMask()) {
      this.context.select([]);
      return true;
    }
    if (code !== 'Escape' || !this.busy) return false;
    this.cancel();
    return true;
  }

  cancel(): void {
    this.ink = null;
    this.target = null;
    this.context.redraw();
  }
}

/** The next size of the brush up or down, about a fifth. */
export function nextBrushSize(size: number, up: boolean): number {
  const next = up ? Math.max(size + 1, Math.round(size * 1.2)) : Math.min(size - 1, Math.round(size / 1.2));
  return Math.min(LARGEST_BRUSH, Math.max(SMALLEST_BRUSH, next));
}
