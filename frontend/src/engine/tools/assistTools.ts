import type { Waved } from '../assist/sights';
import { type Ways, WINDOW, wayTo } from '../assist/ways';
import { findCrossing } from '../model/crossing';
import { simplifyLine } from '../model/geometry';
import type { Ring } from '../model/shapes';
import { clampPoint } from '../model/transform';
import type { Overlay } from '../render/overlay';
import type { Point } from '../viewport';
import { addFound } from './addFound';
import type { Order } from './orders';
import { addNew, near } from './shapeTools';
import { sizeOf, type Tool, type ToolContext, type ToolKey, type ToolPointer } from './tool';

/** Tools that look at the picture. */

/** In pixels of the picture: how far an outline may lie from the ways it was made of. */
const OUTLINE = 1.2;

/** A click takes what has the colour under it. */
export class WandTool implements Tool {
  readonly name = 'wand';
  readonly cursor = 'crosshair';
  readonly busy = false;
  readonly overlay: Overlay = {};

  constructor(private readonly context: ToolContext) {
    const pixels = context.pixels();
    if (typeof pixels !== 'string') context.eyes.prepare?.(pixels);
  }

  down({ point }: ToolPointer): void {
    const { context } = this;
    const pixels = context.pixels();
    if (typeof pixels === 'string') {
      context.refuse(pixels);
      return;
    }
    const { wandTolerance: tolerance, wandGivesPolygon: polygon } = context.settings;
    const asked = { point, tolerance, polygon, size: sizeOf(context.document) };
    // What is pressed next is meant for what is coming, not for what was chosen before.
    context.select([]);
    context.whenThere(
      (signal) => context.eyes.look('wand', pixels, asked, signal),
      (found) => found && this.add(found),
    );
  }

  private add({ shape, cutOff }: Waved): void {
    if (addFound(this.context, shape) && cutOff) this.context.refuse('cut_off');
  }

  move(): void {}
  up(): void {}
  key(): boolean {
    return false;
  }
  cancel(): void {}
}

interface Anchor {
  readonly at: Point;
  readonly stop: AbortController;
  /** From here to everywhere; null as long as it is looked for. */
  ways: Ways | null;
  /** The way to the next click, without its last point. A straight line until the ways are there. */
  leg: readonly Point[];
  next: Point | null;
}

/** Click along an object; between the clicks the line finds its edge. Closed by the first point, a double click or Enter. */
export class LivewireTool implements Tool {
  readonly name = 'livewire';
  readonly cursor = 'crosshair';
  private anchors: Anchor[] = [];
  private trail: readonly Point[] = [];
  private to: Point | null = null;
  /** It was closed before all ways were there: it is as soon as they are. */
  private closing = false;
  /** Pixels a side of what the last window was made of. */
  private step = 1;

  constructor(private readonly context: ToolContext) {
    const pixels = context.pixels();
    if (typeof pixels !== 'string') context.eyes.prepare?.(pixels);
  }

  get busy(): boolean {
    return this.anchors.length > 0;
  }

  private get last(): Anchor | null {
    return this.anchors.at(-1) ?? null;
  }

  get overlay(): Overlay {
    if (!this.busy) return {};
    const dots = this.anchors.map(({ at }) => at);
    return {
      lines: [{ points: [...this.anchors.flatMap(({ leg }) => leg), ...this.trail], dashed: false }],
      dots,
    };
  }

  get orders(): readonly Order[] {
    return this.busy ? ['finish', 'take_back', 'cancel'] : [];
  }

  down(pointer: ToolPointer): void {
    if (this.closing) return;
    const pixels = this.context.pixels();
    if (typeof pixels === 'string') {
      this.context.refuse(pixels);
      return;
    }
    const at = clampPoint(pointer.point, this.context.document);
    const { last } = this;
    const [first] = this.anchors;
    const again = last && near(this.context, pointer, last.at) && pointer.clicks > 1;
    if (again || (first && this.anchors.length > 2 && near(this.context, pointer, first.at))) {
      this.close();
      return;
    }
    if (last) {
      last.next = at;
      this.lay(last);
    }
    this.start(at);
    this.context.redraw();
  }

  /** Seen small, the window is wider and coarser, so that it always covers about the same part of the screen. */
  private start(at: Point): void {
    const { context } = this;
    const pixels = context.pixels();
    if (typeof pixels === 'string') return;
    this.step = pixels.step ?? 1;
    const small = Math.round(1 / (context.scale * this.step));
    const step = Math.max(1, Math.min(small, Math.ceil(pixels.width / WINDOW)));
    const anchor: Anchor = { at, stop: new AbortController(), ways: null, leg: [], next: null };
    this.anchors.push(anchor);
    this.to = at;
    this.trail = [at];
    const ways = context.eyes.look('wire', pixels, { point: at, step }, anchor.stop.signal);
    if (!(ways instanceof Promise)) anchor.ways = ways;
    else
      ways.then(
        (found) => this.arrived(anchor, found),
        () => this.failed(anchor),
      );
  }

  private arrived(anchor: Anchor, ways: Ways): void {
    if (anchor.stop.signal.aborted) return;
    anchor.ways = ways;
    this.lay(anchor);
    if (anchor === this.last) this.follow();
    if (this.closing) this.close();
    this.context.redraw();
  }

  private failed({ stop }: Anchor): void {
    if (stop.signal.aborted) return;
    this.cancel();
    this.context.refuse('tool_failed');
  }

  /** Lays the line to the next click along what was found; then the ways to elsewhere are of no use. */
  private lay(anchor: Anchor): void {
    const { at, ways, next } = anchor;
    if (!next) return;
    anchor.leg = ways ? wayTo(ways, next).slice(0, -1) : [at];
  }

  move(pointer: ToolPointer): void {
    if (!this.busy || this.closing) return;
    this.to = clampPoint(pointer.point, this.context.document);
    this.follow();
    this.context.redraw();
  }

  private follow(): void {
    const { last, to } = this;
    if (last && to) this.trail = last.ways ? wayTo(last.ways, to) : [last.at, to];
  }

  up(): void {}

  /** Where ways between the clicks follow one edge they lie on each other and cross: then what they go around is taken. */
  private close(): void {
    const { last } = this;
    const [first] = this.anchors;
    if (!last || !first || this.anchors.length < 3) {
      this.context.refuse('too_few_points');
      return;
    }
    this.closing = this.anchors.some(({ ways }) => ways === null);
    if (this.closing || !last.ways) return;
    const around = [...this.anchors.flatMap(({ leg }) => leg), ...wayTo(last.ways, first.at)];
    const ring = simplifyLine(around, OUTLINE).slice(0, -1);
    if (findCrossing([ring])) this.goAround(around);
    else this.finish([ring]);
  }

  private finish(rings: readonly Ring[] | null): void {
    this.closing = false;
    if (!rings) this.context.refuse('too_few_points');
    else if (addNew(this.context, { kind: 'polygon', rings })) this.cancel();
  }

  private goAround(line: readonly Point[]): void {
    const { context, step } = this;
    const size = sizeOf(context.document);
    const { last } = this;
    this.closing = true;
    context.whenThere(
      (signal) => context.eyes.look('around', size, { line, step, size }, signal),
      // A click may have been taken back meanwhile, or another line begun.
      (rings) => last === this.last && this.finish(rings),
      () => {
        this.closing = false;
      },
    );
  }

  key({ code }: ToolKey): boolean {
    if (!this.busy) return false;
    if (code === 'Enter' || code === 'NumpadEnter') {
      if (!this.closing) this.close();
    } else if (code === 'Backspace') this.takeBack();
    else if (code === 'Escape') this.cancel();
    else return false;
    return true;
  }

  private takeBack(): void {
    this.closing = false;
    this.anchors.pop()?.stop.abort();
    // Its ways may be gone with the window they were looked for in.
    const before = this.anchors.pop();
    before?.stop.abort();
    if (before) this.start(before.at);
    else this.cancel();
    this.context.redraw();
  }

  cancel(): void {
    for (const { stop } of this.anchors) stop.abort();
    this.anchors = [];
    this.trail = [];
    this.to = null;
    this.closing = false;
    this.context.redraw();
  }
}
