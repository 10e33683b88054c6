import { intoPart } from '../image/part';
import type { Pixels } from '../tools/tool';
import type { Point } from '../viewport';
import { sampleAt, type Ways, WINDOW, type Window } from './ways';

/**
 * Intelligent scissors: the cheapest way between two places, where going along an edge of the picture is cheap.
 * Source: Mortensen & Barrett 1995, with the strength of the gradient as the only cost.
 */

/** Cost of a step over nothing; an edge costs down to 1. */
const DEAR = 96;

/** With the cost of standing on each sample. */
export interface CostWindow extends Window {
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

/**
 * Dijkstra with buckets: costs are small whole numbers, so the next nearest is found by counting up. A step costs the
 * sample it leads to, ten units straight and fourteen across, so that diagonals are no short cut.
 */
export function explore({ cost, ...window }: CostWindow, seed: Point): Ways {
  const { width, height } = window;
  const from = new Int32Array(width * height).fill(-1);
  const start = sampleAt(window, seed);
  const reach = DEAR * 14 + 1;
  const buckets: number[][] = Array.from({ length: reach }, () => []);
  const distances = new Int32Array(width * height).fill(0x7fffffff);
  distances[start] = 0;
  buckets[0]?.push(start);
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
          from[next] = at;
          buckets[total % reach]?.push(next);
          waiting += 1;
        }
    }
  }
  return { seed, window, from };
}
