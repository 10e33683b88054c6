import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Ring } from '../model/shapes';
import { fillRing } from './fill';

const corner = fc.record({ x: fc.integer({ min: 0, max: 20 }), y: fc.integer({ min: 0, max: 20 }) });

/** The winding number of a place by the angle that the line turns around it. */
function turns(ring: Ring, x: number, y: number): number {
  let angle = 0;
  for (const [at, a] of ring.entries()) {
    const b = ring[(at + 1) % ring.length] ?? a;
    const [ax, ay, bx, by] = [a.x - x, a.y - y, b.x - x, b.y - y];
    angle += Math.atan2(ax * by - ay * bx, ax * bx + ay * by);
  }
  return Math.round(angle / (2 * Math.PI));
}

test('has ink where the line goes around the middle of a pixel', () => {
  fc.assert(
    fc.property(fc.array(corner, { minLength: 3, maxLength: 9 }), (raw) => {
      // A third of a pixel off, so that no line runs through the middle of one.
      const ring = raw.map(({ x, y }, at) => ({ x: x + 1 / 3 + at / 97, y: y + 1 / 3 + at / 89 }));
      const patch = fillRing(ring);
      for (let row = 0; row < patch.height; row += 1)
        for (let column = 0; column < patch.width; column += 1) {
          const inside = turns(ring, patch.x + column + 0.5, patch.y + row + 0.5) !== 0;
          expect(patch.data[row * patch.width + column]).toBe(inside ? 1 : 0);
        }
    }),
  );
});

test('a bow tie has both of its halves', () => {
  const patch = fillRing([
    { x: 0, y: 0 },
    { x: 10, y: 10 },
    { x: 10, y: 0 },
    { x: 0, y: 10 },
  ]);
  expect([patch.data[5 * 10 + 1], patch.data[5 * 10 + 8], patch.data[5]]).toEqual([1, 1, 0]);
});
