import { flood } from '../assist/flood';
import { costWindow, Livewire, WINDOW } from '../assist/livewire';
import { intoPart, isCutOff, outOfPart } from '../image/part';
import { toPolygon } from '../mask/contour';
import { fillRing } from '../mask/fill';
import { findCrossing } from '../model/crossing';
import { simplifyLine } from '../model/geometry';
import type { Ring } from '../model/shapes';
import { clampPoint } from '../model/transform';
import type { Overlay } from '../render/overlay';
import type { Point } from '../viewport';
import { addPatch } from './addPatch';
import type { Order } from './orders';
import { addNew, near } from './shapeTools';
import type { Tool, ToolContext, ToolKey, ToolPointer } from './tool';

/** Tools that look at the picture. */

/** In pixels of the picture: how far an outline may lie from the edge of the pixels it was made of. */
const OUTLINE = 1.2;

/** A click takes what has the colour under it. */
export class WandTool implements Tool {
  readonly name = 'wand';
  readonly cursor = 'crosshair';
  readonly busy = false;
  readonly overlay: Overlay = {};

  constructor(private readonly context: ToolContext) {}

  down(pointer: ToolPointer): void {
    const { context } = this;
    const pixels = context.pixels();
    if (typeof pixels === 'string') {
      context.refuse(pixels);
      return;
    }
    const patch = flood(pixels, intoPart(pixels, pointer.point), context.settings.wandTolerance);
    if (!patch) return;
    if (addPatch(context, pixels, patch, OUTLINE) && isCutOff(pixels, patch, context.document))
      context.refuse('cut_off');
  }

  move(): void {}
  up(): void {}
  key(): boolean {
    return false;
  }
  cancel(): void {}
}

/** Click along an object; between the clicks the line finds its edge. Closed by the first point, a double click or Enter. */
export class LivewireTool implements Tool {
  readonly name = 'livewire';
  readonly cursor = 'crosshair';
  private wire: Livewire | null = null;
  /** The ways between the clicks, each without its last point. */
  private legs: Point[][] = [];
  private trail: readonly Point[] = [];
  /** Pixels a side of what the last window was made of. */
  private step = 1;

  constructor(private readonly context: ToolContext) {}

  get busy(): boolean {
    return this.wire !== null;
  }

  get overlay(): Overlay {
    if (!this.wire) return {};
    const dots = [...this.legs.flatMap((leg) => leg.slice(0, 1)), this.wire.seed];
    return { lines: [{ points: [...this.legs.flat(), ...this.trail], dashed: false }], dots };
  }

  get orders(): readonly Order[] {
    return this.busy ? ['finish', 'take_back', 'cancel'] : [];
  }

  down(pointer: ToolPointer): void {
    const pixels = this.context.pixels();
    if (typeof pixels === 'string') {
      this.context.refuse(pixels);
      return;
    }
    const at = clampPoint(pointer.point, this.context.document);
    const first = this.legs[0]?.[0];
    const again = this.wire && near(this.context, pointer, this.wire.seed) && pointer.clicks > 1;
    if (again || (first && this.legs.length > 1 && near(this.context, pointer, first))) {
      this.close();
      return;
    }
    if (this.wire) this.legs.push(this.wire.path(at).slice(0, -1));
    this.start(at);
    this.context.redraw();
  }

  /** Seen small, the window is wider and coarser, so that it always covers about the same part of the screen. */
  private start(at: Point): void {
    const pixels = this.context.pixels();
    if (typeof pixels === 'string') return;
    this.step = pixels.step ?? 1;
    const small = Math.round(1 / (this.context.scale * this.step));
    const step = Math.max(1, Math.min(small, Math.ceil(pixels.width / WINDOW)));
    this.wire = new Livewire(costWindow(pixels, at, step), at);
    this.trail = [at];
  }

  move(pointer: ToolPointer): void {
    if (!this.wire) return;
    this.trail = this.wire.path(clampPoint(pointer.point, this.context.document));
    this.context.redraw();
  }

  up(): void {}

  /** Where ways between the clicks follow one edge they lie on each other and cross: then what they go around is taken. */
  private close(): void {
    const first = this.legs[0]?.[0];
    if (!this.wire || !first || this.legs.length < 2) {
      this.context.refuse('too_few_points');
      return;
    }
    const around = [...this.legs.flat(), ...this.wire.path(first)];
    const ring = simplifyLine(around, OUTLINE).slice(0, -1);
    const rings = findCrossing([ring]) ? this.goneAround(around) : [ring];
    if (!rings) this.context.refuse('too_few_points');
    else if (addNew(this.context, { kind: 'polygon', rings })) this.cancel();
  }

  /** In samples: in pixels the ink around a large picture would fill the memory. */
  private goneAround(line: readonly Point[]): Ring[] | null {
    const thinned = { step: this.step };
    const ink = fillRing(line.map((point) => intoPart(thinned, point)));
    const rings = toPolygon(ink, OUTLINE);
    return rings?.map((ring) => outOfPart(thinned, ring, this.context.document)) ?? null;
  }

  key({ code }: ToolKey): boolean {
    if (!this.busy) return false;
    if (code === 'Enter' || code === 'NumpadEnter') this.close();
    else if (code === 'Backspace') this.takeBack();
    else if (code === 'Escape') this.cancel();
    else return false;
    return true;
  }

  private takeBack(): void {
    const start = this.legs.pop()?.[0];
    if (start) this.start(start);
    else this.cancel();
    this.context.redraw();
  }

  cancel(): void {
    this.wire = null;
    this.legs = [];
    this.trail = [];
    this.context.redraw();
  }
}
