import { type Prompt, type SegmentationAssistant, Unable } from '../assist/assistant';
import { enlarge, intoPart } from '../image/part';
import type { Patch } from '../mask/rle';
import { boundsBetween } from '../model/geometry';
import type { Bounds } from '../model/shapes';
import { clampPoint } from '../model/transform';
import type { Overlay } from '../render/overlay';
import type { Point } from '../viewport';
import { addFound } from './addFound';
import type { Order } from './orders';
import {
  type Frame,
  moved,
  type Pixels,
  sizeOf,
  type Tool,
  type ToolContext,
  type ToolKey,
  type ToolPointer,
} from './tool';

interface Found {
  /** The samples in which it was found, and what was. */
  readonly pixels: Pixels;
  readonly patch: Patch;
  /** As pixels of the picture; null when they are too many. */
  readonly shown: Patch | null;
}

/** Where the samples lie, without their colours. */
const frameOf = ({ width, height, x = 0, y = 0, step = 1 }: Pixels): Frame => ({ width, height, x, y, step });

/** The hint in samples of a part; null when the box is not in it. */
function hintIn(pixels: Pixels, { box, points }: Prompt): Prompt | null {
  const low = intoPart(pixels, { x: box.minX, y: box.minY });
  const high = intoPart(pixels, { x: box.maxX, y: box.maxY });
  if (low.x < 0 || low.y < 0 || high.x > pixels.width || high.y > pixels.height) return null;
  return {
    box: { minX: low.x, minY: low.y, maxX: high.x, maxY: high.y },
    points: points.map((point) => ({ ...intoPart(pixels, point), inside: point.inside })),
  };
}

/**
 * A box around the object, and an assistant finds it; clicks say what belongs to it, clicks with Alt what does not, or the
 * other way round after `mark('out')`. Enter makes it a shape.
 */
export class AssistTool implements Tool {
  readonly cursor = 'crosshair';
  private from: ToolPointer | null = null;
  private to: Point | null = null;
  private box: Bounds | null = null;
  private points: (Point & { inside: boolean })[] = [];
  private found: Found | null = null;
  private asked: AbortController | null = null;
  /** Enter was pressed before the answer was there: it is taken as it comes. */
  private taken = false;
  /** What was found is being made a shape. */
  private making = false;
  private marks: 'in' | 'out' = 'in';

  constructor(
    private readonly context: ToolContext,
    private readonly assistant: SegmentationAssistant,
    readonly name: 'assist' | 'smart',
  ) {
    assistant.prepare?.();
    const pixels = context.pixels();
    if (typeof pixels !== 'string') context.eyes.prepare?.(pixels);
  }

  get busy(): boolean {
    return this.from !== null || this.box !== null;
  }

  get overlay(): Overlay {
    const drawn = this.from && this.to ? boundsBetween(this.corner(this.from), this.to) : null;
    const patch = this.found?.shown;
    return {
      rectangle: drawn ?? this.box ?? undefined,
      dots: this.points,
      ink: patch ? { source: { patch, takeDirty: () => null }, classKey: this.context.classKey } : undefined,
    };
  }

  get orders(): readonly Order[] {
    if (!this.box) return this.busy ? ['cancel'] : [];
    const found: Order[] = this.found || this.asked ? ['take'] : [];
    const hints: Order[] = this.points.length > 0 ? ['take_back'] : [];
    return [...found, 'in', 'out', ...hints, 'cancel'];
  }

  get marking(): 'in' | 'out' | null {
    return this.box ? this.marks : null;
  }

  mark(marking: 'in' | 'out'): void {
    this.marks = marking;
    this.context.redraw();
  }

  private corner(pointer: ToolPointer): Point {
    return clampPoint(pointer.point, this.context.document);
  }

  down(pointer: ToolPointer): void {
    if (this.making) return;
    if (this.box) {
      this.points.push({ ...this.corner(pointer), inside: (this.marks === 'in') !== pointer.alt });
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
    this.asked = null;
    this.taken = false;
    const pixels = this.context.pixels();
    const { box } = this;
    if (typeof pixels === 'string') {
      this.cancel();
      this.context.refuse(pixels);
      return;
    }
    if (!box) return;
    const hint = hintIn(pixels, { box, points: this.points });
    if (!hint) {
      this.context.refuse('not_in_sight');
      return;
    }
    const asked = new AbortController();
    this.asked = asked;
    try {
      const found = await this.assistant.segment(pixels, hint, asked.signal);
      if (asked.signal.aborted) return;
      this.found = found && { pixels, patch: found, shown: enlarge(pixels, found, this.context.document) };
      if (!found) this.context.refuse('nothing_left');
    } catch (error) {
      if (!asked.signal.aborted) {
        // Enter was meant for this answer, not for the one before.
        this.taken = false;
        this.context.refuse(error instanceof Unable ? error.why : 'tool_failed');
      }
    } finally {
      if (this.asked === asked) this.asked = null;
    }
    if (this.taken) this.accept();
    this.context.redraw();
  }

  key({ code }: ToolKey): boolean {
    if (!this.busy) return false;
    if (this.making && code !== 'Escape') return true;
    if (code === 'Enter' || code === 'NumpadEnter') this.accept();
    else if (code === 'Escape') this.cancel();
    else if (code === 'Backspace' && this.points.pop()) void this.ask();
    else return false;
    return true;
  }

  private accept(): void {
    const { found, context } = this;
    this.taken = this.asked !== null;
    if (this.taken || !found) return;
    const { pixels, patch } = found;
    const asked = { patch, polygon: context.settings.wandGivesPolygon, size: sizeOf(context.document) };
    this.making = true;
    context.whenThere(
      (signal) => context.eyes.look('shape', frameOf(pixels), asked, signal),
      (shape) => {
        // Another object may have been begun, when this one was put down with the tool.
        if (this.found !== found) addFound(context, shape);
        else if (addFound(context, shape)) this.cancel();
        else this.making = false;
      },
      () => {
        this.making = false;
      },
    );
  }

  cancel(): void {
    this.asked?.abort();
    this.asked = null;
    this.taken = false;
    this.making = false;
    this.from = null;
    this.to = null;
    this.box = null;
    this.points = [];
    this.found = null;
    this.marks = 'in';
    this.context.redraw();
  }
}
