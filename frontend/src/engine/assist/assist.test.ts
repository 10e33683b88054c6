import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Pixels } from '../tools/tool';
import { flood } from './flood';
import { costWindow, explore } from './livewire';
import { covers, wayTo } from './ways';

const W = 9;
const H = 7;
const picture = fc.array(fc.constantFrom(0, 10, 60), { minLength: W * H, maxLength: W * H }).map(
  (grey): Pixels => ({
    width: W,
    height: H,
    data: Uint8ClampedArray.from(grey.flatMap((g) => [g, g, g, 255])),
  }),
);

/** Neighbour by neighbour, as one would say it. */
function floodSlowly({ data }: Pixels, x: number, y: number, tolerance: number): Set<number> {
  const found = new Set<number>();
  const todo = [[x, y]];
  const seed = data[4 * (y * W + x)] ?? 0;
  for (let next = todo.pop(); next; next = todo.pop()) {
    const [cx = 0, cy = 0] = next;
    const at = cy * W + cx;
    if (cx < 0 || cy < 0 || cx >= W || cy >= H || found.has(at)) continue;
    if (Math.abs((data[4 * at] ?? 0) - seed) > tolerance) continue;
    found.add(at);
    todo.push([cx + 1, cy], [cx - 1, cy], [cx, cy + 1], [cx, cy - 1]);
  }
  return found;
}

test('the wand finds what going from neighbour to neighbour finds', () => {
  fc.assert(
    fc.property(
      picture,
      fc.nat(W - 1),
      fc.nat(H - 1),
      fc.constantFrom(0, 15, 255),
      (pixels, x, y, tolerance) => {
        const patch = flood(pixels, { x: x + 0.5, y: y + 0.5 }, tolerance);
        const found = new Set<number>();
        patch?.data.forEach((bit, at) => {
          if (bit) found.add((Math.floor(at / patch.width) + patch.y) * W + (at % patch.width) + patch.x);
        });
        expect(found).toEqual(floodSlowly(pixels, x, y, tolerance));
      },
    ),
    { numRuns: 300 },
  );
  expect(flood({ width: 1, height: 1, data: new Uint8ClampedArray(4) }, { x: 5, y: 0 }, 1)).toBeNull();
});

/** A noisy disc on a noisy ground. */
function disc(side: number, radius: number): Pixels {
  const data = new Uint8ClampedArray(side * side * 4);
  let state = 1;
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      const inside = Math.hypot(x + 0.5 - side / 2, y + 0.5 - side / 2) < radius;
      data.fill((inside ? 180 : 60) + ((state >>> 24) % 24), 4 * (y * side + x), 4 * (y * side + x) + 3);
    }
  return { width: side, height: side, data };
}

test.each([1, 2])('the wire follows the edge of a noisy disc, every %i pixels', (step) => {
  const pixels = disc(200, 70);
  const seed = { x: 170, y: 100 };
  const wire = explore(costWindow(pixels, seed, step), seed);
  const path = wayTo(wire, { x: 30, y: 100 });
  expect(path[0]).toEqual(seed);
  expect(path.at(-1)).toEqual({ x: 30, y: 100 });
  const worst = Math.max(...path.map(({ x, y }) => Math.abs(Math.hypot(x - 100, y - 100) - 70)));
  expect(worst).toBeLessThan(1.5 * step + 1);
  expect(path.length).toBeGreaterThan(100 / step);
});

test('outside the window the wire is a straight line', () => {
  const pixels = disc(120, 40);
  const seed = { x: 20, y: 20 };
  const wire = explore(costWindow(pixels, seed, 1, 32), seed);
  expect(covers(wire, { x: 100, y: 100 })).toBe(false);
  expect(wayTo(wire, { x: 100, y: 100 })).toEqual([seed, { x: 100, y: 100 }]);
});
