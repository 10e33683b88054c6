import type { Point } from '../viewport';

/** What the page does with the ways that were found for a livewire: it looks up the one that leads to the pointer. */

/** Side of the window that is looked at, in samples. */
export const WINDOW = 512;

/** A part of the picture, thinned by `step`. */
export interface Window {
  readonly x: number;
  readonly y: number;
  readonly step: number;
  readonly width: number;
  readonly height: number;
}

/** Ways from one place to every other in its window. */
export interface Ways {
  readonly seed: Point;
  readonly window: Window;
  /** The sample one comes from; -1 where nobody has been. */
  readonly from: Int32Array;
}

export function sampleAt({ x: left, y: top, step, width, height }: Window, { x, y }: Point): number {
  const column = Math.min(width - 1, Math.max(0, Math.floor((x - left) / step)));
  const row = Math.min(height - 1, Math.max(0, Math.floor((y - top) / step)));
  return row * width + column;
}

/** Whether a point lies in the window; outside of it the way is a straight line. */
export function covers({ window }: Ways, { x, y }: Point): boolean {
  return (
    x >= window.x &&
    y >= window.y &&
    x <= window.x + window.width * window.step &&
    y <= window.y + window.height * window.step
  );
}

/** From the seed to the point, both ends included. */
export function wayTo(ways: Ways, to: Point): Point[] {
  const { seed, window, from } = ways;
  if (!covers(ways, to)) return [seed, to];
  const { x, y, step, width } = window;
  const start = sampleAt(window, seed);
  const way: Point[] = [];
  for (let at = from[sampleAt(window, to)] ?? -1; at >= 0 && at !== start; at = from[at] ?? -1)
    way.push({ x: x + ((at % width) + 0.5) * step, y: y + (Math.floor(at / width) + 0.5) * step });
  return [seed, ...way.reverse(), to];
}
