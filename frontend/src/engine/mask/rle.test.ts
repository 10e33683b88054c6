import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskBounds } from '../model/bounds';
import { countsFromString, countsToString, decode, encode, hasInk, inkOf, patchOf } from './rle';

const picture = fc
  .tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 14 }))
  .chain(([width, height]) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      bits: fc.array(fc.constantFrom(0, 0, 1), { minLength: width * height, maxLength: width * height }),
    }),
  );

/** The plain definition: walk down the columns and count. */
function countRuns(bits: readonly number[], width: number, height: number): number[] {
  const counts: number[] = [];
  let [ink, run] = [0, 0];
  for (let x = 0; x < width; x += 1)
    for (let y = 0; y < height; y += 1) {
      if (bits[y * width + x] === ink) run += 1;
      else {
        counts.push(run);
        ink = 1 - ink;
        run = 1;
      }
    }
  return [...counts, run];
}

test('encoding counts the runs down the columns', () => {
  fc.assert(
    fc.property(picture, ({ width, height, bits }) => {
      const patch = patchOf(0, 0, width, height);
      patch.data.set(bits);
      const mask = encode(patch, width, height);
      expect(mask.counts).toEqual(countRuns(bits, width, height));
      expect([...decode(mask, 0, 0, width, height).data]).toEqual(bits);
      expect(inkOf(mask)).toBe(bits.filter(Boolean).length);
    }),
  );
});

test('a patch is put where it lies, and any rectangle can be read back', () => {
  const placed = fc.tuple(picture, fc.nat(6), fc.nat(6), fc.nat(6), fc.nat(6));
  fc.assert(
    fc.property(placed, ([{ width, height, bits }, left, top, right, bottom]) => {
      const patch = patchOf(left, top, width, height);
      patch.data.set(bits);
      const [w, h] = [left + width + right, top + height + bottom];
      const mask = encode(patch, w, h);
      expect(mask.counts.reduce((sum, count) => sum + count, 0)).toBe(w * h);
      expect(mask.counts.slice(1).every((count) => count > 0)).toBe(true);
      const back = decode(mask, left - 1, top - 2, width + 2, height + 4);
      for (let y = 0; y < h; y += 1)
        for (let x = 0; x < w; x += 1) {
          const inside = x >= left && x < left + width && y >= top && y < top + height;
          const want = inside ? (bits[(y - top) * width + x - left] ?? 0) : 0;
          expect(hasInk(mask, x + 0.5, y + 0.5)).toBe(want === 1);
          const [bx, by] = [x - back.x, y - back.y];
          if (bx >= 0 && by >= 0 && bx < back.width && by < back.height)
            expect(back.data[by * back.width + bx]).toBe(want);
        }
    }),
    { numRuns: 60 },
  );
});

test('bounds hold all ink and touch it on each side', () => {
  fc.assert(
    fc.property(picture, ({ width, height, bits }) => {
      fc.pre(bits.includes(1));
      const patch = patchOf(0, 0, width, height);
      patch.data.set(bits);
      const xs = bits.flatMap((bit, i) => (bit ? [i % width] : []));
      const ys = bits.flatMap((bit, i) => (bit ? [Math.floor(i / width)] : []));
      expect(maskBounds(encode(patch, width, height))).toEqual({
        minX: Math.min(...xs),
        maxX: Math.max(...xs) + 1,
        minY: Math.min(...ys),
        maxY: Math.max(...ys) + 1,
      });
    }),
  );
});

test('the string of counts is read back, large counts too', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(150_000_000), { maxLength: 20 }), (counts) => {
      expect(countsFromString(countsToString(counts))).toEqual(counts);
    }),
  );
});

// Written by pycocotools 2.0.11 for these counts.
test.each([
  [[4, 1, 4], '414'],
  [[0, 9], '09'],
  [[1000, 37, 63, 40, 60, 2000, 5, 6795], 'Xo0U1o13MXm1YNke4'],
  [[5000000, 2000, 1072, 2100, 972, 1500, 7577268], 'Pjbh4`n1`Q1T3lLX]OXgVW7'],
  [[0, 12582912], '0PPPP<'],
])('as pycocotools writes %j', (counts, text) => {
  expect(countsToString(counts)).toBe(text);
  expect(countsFromString(text)).toEqual(counts);
});

test('no counts are read out of nonsense', () => {
  expect(countsFromString('\u0000')).toBeNull();
  expect(countsFromString('ooooooooo')).toBeNull();
});

test('a mask without ink is one run, and a patch outside is refused', () => {
  expect(encode(patchOf(1, 0, 2, 1), 3, 2).counts).toEqual([6]);
  expect(() => encode(patchOf(2, 0, 2, 1), 3, 2)).toThrow(RangeError);
});
