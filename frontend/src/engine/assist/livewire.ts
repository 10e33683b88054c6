import { intoPart } from '../image/part';
import type { Pixels } from '../tools/tool';
import type { Point } from '../viewport';

/**
 * Intelligent scissors: the cheapest way between two places, where going along an edge of the picture is cheap.
 * Source: Mortensen & Barrett 1995, with the strength of the gradient as the only cost.
 */

/** Side of the window that is looked at, in samples. */
export const WINDOW = 512;
/** Cost of a step over nothing; an edge costs down to 1. */
const DEAR = 96;

/** A window of the picture, thinned by `step`, with the cost of standing on each sample. */
export interface CostWindow {
  readonly x: number;
  readonly y: number;
  readonly step: number;
  readonly width: number;
  readonly height: number;
  readonly cost: Uint8Array;
}

/** The window around a point. `step` takes every so manieth sample, for work on a picture that is seen small. */
export function costWindow(pixels: Pixels, point: Point, step = 1, side = WINDOW): CostWindow {
  const around = intoPart(pixels, point);
  const span = side * step;
  const place = (middle: number, end: number) =>
    Math.max(0, Math.min(Math.round(middle - span / 2), Math.max(0, end - span)));
  const x = place(around.x, pixels.width);
  const y = place(around.y, pixels.height);
  const width = Math.max(1, Math.floor(Math.min(span, pixels.width - x) / step));
  const height = Math.max(1, Math.floor(Math.min(span, pixels.height - y) / step));
  const grey = new Float32Array(width * height);
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1) {
      const from = 4 * ((y + row * step) * pixels.width + x + column * step);
      const [r = 0, g = 0, b = 0] = [pixels.data[from], pixels.data[from + 1], pixels.data[from + 2]];
      grey[row * width + column] = 0.299 * r + 0.587 * g + 0.114 * b;
    }
  const { x: left = 0, y: top = 0, step: size = 1 } = pixels;
  const cost = costOf(grey, width, height);
  return { x: left + x * size, y: top + y * size, step: step * size, width, height, cost };
}

/** Sobel's gradient, turned over and scaled to the strongest edge of the window. */
function costOf(grey: Float32Array, width: number, height: number): Uint8Array {
  const strength = new Float32Array(width * height);
  let strongest = 1;
  const at = (x: number, y: number) =>
    grey[Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))] ?? 0;
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const gx =
        at(x + 1, y - 1) +
        2 * at(x + 1, y) +
        at(x + 1, y + 1) -
        at(x - 1, y - 1) -
        2 * at(x - 1, y) -
        at(x - 1, y + 1);
      const gy =
        at(x - 1, y + 1) +
        2 * at(x, y + 1) +
        at(x + 1, y + 1) -
        at(x - 1, y - 1) -
        2 * at(x, y - 1) -
        at(x + 1, y - 1);
      const value = Math.hypot(gx, gy);
      strength[y * width + x] = value;
      if (value > strongest) strongest = value;
    }
  return Uint8Array.from(strength, (value) => 1 + Math.round((DEAR - 1) * (1 - value / strongest)));
}

/** Ways from one place to every other in its window. */
export class Livewire {
  /** The sample one comes from; -1 where nobody has been. */
  private readonly from: Int32Array;
  private readonly start: number;

  constructor(
    private readonly window: CostWindow,
    readonly seed: Point,
  ) {
    this.from = new Int32Array(window.width * window.height).fill(-1);
    this.start = this.sampleAt(seed);
    this.explore();
  }

  /** Whether a point lies in the window; outside of it the way is a straight line. */
  covers({ x, y }: Point): boolean {
    const { window } = this;
    return (
      x >= window.x &&
      y >= window.y &&
      x <= window.x + window.width * window.step &&
      y <= window.y + window.height * window.step
    );
  }

  /** From the seed to the point, both ends included. */
  path(to: Point): Point[] {
    if (!this.covers(to)) return [this.seed, to];
    const way: Point[] = [];
    for (let at = this.from[this.sampleAt(to)] ?? -1; at >= 0 && at !== this.start; at = this.from[at] ?? -1)
      way.push(this.pointOf(at));
    return [this.seed, ...way.reverse(), to];
  }

  private sampleAt({ x, y }: Point): number {
    const { window } = this;
    const column = Math.min(window.width - 1, Math.max(0, Math.floor((x - window.x) / window.step)));
    const row = Math.min(window.height - 1, Math.max(0, Math.floor((y - window.y) / window.step)));
    return row * window.width + column;
  }

  private pointOf(at: number): Point {
    const { x, y, step, width } = this.window;
    return { x: x + ((at % width) + 0.5) * step, y: y + (Math.floor(at / width) + 0.5) * step };
  }

  /**
   * Dijkstra with buckets: costs are small whole numbers, so the next nearest is found by counting up. A step costs the
   * sample it leads to, ten units straight and fourteen across, so that diagonals are no short cut.
   */
  private explore(): void {
    const { width, height, cost } = this.window;
    const reach = DEAR * 14 + 1;
    const buckets: number[][] = Array.from({ length: reach }, () => []);
    const distances = new Int32Array(width * height).fill(0x7fffffff);
    distances[this.start] = 0;
    buckets[0]?.push(this.start);
    let waiting = 1;
    for (let now = 0; waiting > 0; now += 1) {
      const bucket = buckets[now % reach] ?? [];
      for (let at = bucket.pop(); at !== undefined; at = bucket.pop()) {
        waiting -= 1;
        if (distances[at] !== now) continue;
        const x = at % width;
        const y = (at - x) / width;
        for (let dy = y > 0 ? -1 : 0; dy <= (y + 1 < height ? 1 : 0); dy += 1)
          for (let dx = x > 0 ? -1 : 0; dx <= (x + 1 < width ? 1 : 0); dx += 1) {
            if (dx === 0 && dy === 0) continue;
            const next = at + dy * width + dx;
            const total = now + (cost[next] ?? DEAR) * (dx !== 0 && dy !== 0 ? 14 : 10);
            if (total >= (distances[next] ?? 0)) continue;
            distances[next] = total;
            this.from[next] = at;
            buckets[total % reach]?.push(next);
            waiting += 1;
          }
      }
    }
  }
}
