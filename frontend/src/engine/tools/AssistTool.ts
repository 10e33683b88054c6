import type { SegmentationAssistant } from '../assist/assistant';
import { toPolygon } from '../mask/contour';
import { encode, type Patch } from '../mask/rle';
import { boundsBetween } from '../model/geometry';
import type { Bounds } from '../model/shapes';
import { clampPoint } from '../model/transform';
import type { Overlay } from '../render/overlay';
import type { Point } from '../viewport';
import { addNew } from './shapeTools';
import { moved, type Tool, type ToolContext, type ToolKey, type ToolPointer } from './tool';

/**
 * A box around the object, and an assistant finds it; clicks say what belongs to it, clicks with Alt what does not. Enter
 * makes it a shape.
 */
export class AssistTool implements Tool {
  readonly name = 'assist';
  readonly cursor = 'crosshair';
  private from: ToolPointer | null = null;
  private to: Point | null = null;
  private box: Bounds | null = null;
  private points: (Point & { inside: boolean })[] = [];
  private found: Patch | null = null;
  private asked: AbortController | null = null;

  constructor(
    private readonly context: ToolContext,
    private readonly assistant: SegmentationAssistant,
  ) {}

  get busy(): boolean {
    return this.from !== null || this.box !== null;
  }

  get overlay(): Overlay {
    const drawn = this.from && this.to ? boundsBetween(this.corner(this.from), this.to) : null;
    const patch = this.found;
    return {
      rectangle: drawn ?? this.box ?? undefined,
      dots: this.points,
      ink: patch ? { source: { patch, takeDirty: () => null }, classKey: this.context.classKey } : undefined,
    };
  }

  private corner(pointer: ToolPointer): Point {
    return clampPoint(pointer.point, this.context.document);
  }

  down(pointer: ToolPointer): void {
    if (this.box) {
      this.points.push({ ...this.corner(pointer), inside: !pointer.alt });
      void this.ask();
    } else {
      this.from = pointer;
      this.to = this.corner(pointer);
    }
    this.context.redraw();
  }

  move(pointer: ToolPointer): void {
    if (!this.from) return;
    this.to = this.corner(pointer);
    this.context.redraw();
  }

  up(pointer: ToolPointer): void {
    const { from } = this;
    this.from = null;
    if (!from) return;
    if (moved(from, pointer)) {
      this.box = boundsBetween(this.corner(from), this.corner(pointer));
      void this.ask();
    }
    this.context.redraw();
  }

  private async ask(): Promise<void> {
    this.asked?.abort();
    const pixels = this.context.pixels();
    const { box } = this;
    if (!pixels) {
      this.cancel();
      this.context.refuse('no_picture');
      return;
    }
    if (!box) return;
    const asked = new AbortController();
    this.asked = asked;
    try {
      const found = await this.assistant.segment(pixels, { box, points: this.points }, asked.signal);
      if (asked.signal.aborted) return;
      this.found = found;
      if (!found) this.context.refuse('nothing_left');
    } catch {
      if (!asked.signal.aborted) this.context.refuse('tool_failed');
    }
    this.context.redraw();
  }

  key({ code }: ToolKey): boolean {
    if (!this.busy) return false;
    if (code === 'Enter' || code === 'NumpadEnter') this.accept();
    else if (code === 'Escape') this.cancel();
    else if (code === 'Backspace' && this.points.pop()) void this.ask();
    else return false;
    return true;
  }

  private accept(): void {
    const { found, context } = this;
    if (!found) return;
    const { width, height } = context.document;
    const rings = context.settings.wandGivesPolygon ? toPolygon(found, 1.2) : null;
    const done = rings
      ? addNew(context, { kind: 'polygon', rings })
      : addNew(context, { kind: 'mask', mask: encode(found, width, height) });
    if (done) this.cancel();
  }

  cancel(): void {
    this.asked?.abort();
    this.from = null;
    this.to = null;
    this.box = null;
    this.points = [];
    this.found = null;
    this.context.redraw();
  }
}
