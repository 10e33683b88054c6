import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findCrossing } from '../model/crossing';
import { signedArea } from '../model/geometry';
import { fromPolygon } from '../testShapes';
import { closeCorners, toPolygon, traceAreas } from './contour';
import { Ink } from './Ink';
import { patchOf } from './rle';

const ink = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
  .chain(([width, height]) =>
    fc
      .array(fc.constantFrom(0, 1, 1), { minLength: width * height, maxLength: width * height })
      .map((bits) => {
        const patch = patchOf(0, 0, width, height);
        patch.data.set(bits);
        return patch;
      }),
  );

test('the outlines hold exactly the ink, cross nowhere, and holes belong to their area', () => {
  fc.assert(
    fc.property(ink, (patch) => {
      const closed = closeCorners(patch);
      const areas = traceAreas(patch);
      expect([...fromPolygon(areas.flat(), patch.width, patch.height).data]).toEqual([...closed.data]);
      for (const rings of areas) {
        expect(findCrossing(rings)).toBeNull();
        expect(rings.map((ring) => Math.sign(signedArea(ring)))).toEqual(
          rings.map((_, at) => (at === 0 ? 1 : -1)),
        );
      }
      expect(closed.data.every((bit, at) => bit >= (patch.data[at] ?? 0))).toBe(true);
    }),
    { numRuns: 400 },
  );
});

test('a disc becomes a polygon with few points that covers nearly the same', () => {
  const disc = new Ink({ width: 200, height: 200 }, null, null);
  disc.stroke({ x: 100, y: 100 }, { x: 100, y: 100 }, 60, 1);
  const rings = toPolygon(disc.patch, 1.2) ?? [];
  expect(rings).toHaveLength(1);
  expect(rings[0]?.length).toBeLessThan(45);
  expect(Math.abs(signedArea(rings[0] ?? []))).toBeGreaterThan(Math.PI * 3600 * 0.985);
  expect(toPolygon(patchOf(0, 0, 4, 4), 1)).toBeNull();
});

test('the brush covers the pixels whose middle is near its way, wherever the canvas had to grow', () => {
  const place = fc.record({ x: fc.integer({ min: -20, max: 620 }), y: fc.integer({ min: -20, max: 320 }) });
  const stroke = fc.tuple(place, place, fc.integer({ min: 1, max: 30 }), fc.constantFrom<0 | 1>(1, 1, 0));
  fc.assert(
    fc.property(fc.array(stroke, { minLength: 1, maxLength: 4 }), (strokes) => {
      const size = { width: 600, height: 300 };
      const painted = new Ink(size, null, null);
      for (const [a, b, radius, value] of strokes) painted.stroke(a, b, radius, value);
      const { patch } = painted;
      for (let n = 0; n < 400; n += 1) {
        const [x, y] = [(n * 7919) % size.width, (n * 104729) % size.height];
        let want = 0;
        for (const [a, b, radius, value] of strokes) {
          const [dx, dy] = [b.x - a.x, b.y - a.y];
          const along = ((x + 0.5 - a.x) * dx + (y + 0.5 - a.y) * dy) / (dx * dx + dy * dy || 1);
          const share = Math.min(1, Math.max(0, along));
          if (Math.hypot(x + 0.5 - a.x - share * dx, y + 0.5 - a.y - share * dy) <= radius) want = value;
        }
        const inside =
          x >= patch.x && y >= patch.y && x < patch.x + patch.width && y < patch.y + patch.height;
        expect(inside ? patch.data[(y - patch.y) * patch.width + x - patch.x] : 0).toBe(want);
      }
    }),
    { numRuns: 25 },
  );
});
