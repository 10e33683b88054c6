import fc from 'fast-check';
import { expect, test } from 'vitest';
import { above, areaOf, levelFor, levelSize, seen, stepOf, type TileSet, tilesIn } from './tiles';

/** As the server counts them: datasets/imaging/pyramid.py. */
function setOf(width: number, height: number, tileSize = 512): TileSet {
  const maxLevel = Math.ceil(Math.log2(Math.max(width, height)));
  let minLevel = maxLevel;
  while (Math.max(width, height) / 2 ** (maxLevel - minLevel) > tileSize) minLevel -= 1;
  return { width, height, tileSize, minLevel, maxLevel };
}

const LARGE = setOf(8000, 7000);

test('levels are numbered as in Deep Zoom, and the lowest is one tile', () => {
  expect([LARGE.minLevel, LARGE.maxLevel]).toEqual([9, 13]);
  expect(levelSize(LARGE, 9)).toEqual({ width: 500, height: 438 });
  expect(tilesIn(LARGE, 9, { left: 0, top: 0, right: 8000, bottom: 7000 })).toHaveLength(1);
  expect(tilesIn(LARGE, 13, { left: 0, top: 0, right: 8000, bottom: 7000 })).toHaveLength(16 * 14);
});

test('the level has at least nearly as many pixels as the device, and at most twice as many', () => {
  expect(levelFor(LARGE, 1)).toBe(13);
  expect(levelFor(LARGE, 8)).toBe(13);
  expect(levelFor(LARGE, 0.5)).toBe(12);
  expect(levelFor(LARGE, 0.1)).toBe(10);
  expect(levelFor(LARGE, 0.001)).toBe(9);
  for (let scale = 0.07; scale < 1; scale *= 1.03) {
    const shown = scale * stepOf(LARGE, levelFor(LARGE, scale));
    expect(shown).toBeLessThanOrEqual(2 ** 0.15 + 1e-9);
    expect(shown).toBeGreaterThan(2 ** 0.15 / 2 - 1e-9);
  }
});

test('the tiles of any part cover it, touch it all, and lie in the tiles above them', () => {
  const arbitrary = fc.record({
    width: fc.integer({ min: 1, max: 5000 }),
    height: fc.integer({ min: 1, max: 5000 }),
    scale: fc.double({ min: 0.05, max: 8, noNaN: true }),
    x: fc.integer({ min: -6000, max: 1000 }),
    y: fc.integer({ min: -6000, max: 1000 }),
  });
  fc.assert(
    fc.property(arbitrary, ({ width, height, scale, x, y }) => {
      const set = setOf(width, height, 256);
      const level = levelFor(set, scale);
      const part = seen(set, { scale, x, y }, { width: 700, height: 500 });
      const tiles = tilesIn(set, level, part);
      if (part.left >= part.right || part.top >= part.bottom) return tiles.length === 0;
      const areas = tiles.map((tile) => areaOf(set, tile));
      const covered = areas.reduce(
        (sum, area) =>
          sum +
          (Math.min(area.right, part.right) - Math.max(area.left, part.left)) *
            (Math.min(area.bottom, part.bottom) - Math.max(area.top, part.top)),
        0,
      );
      expect(covered).toBe((part.right - part.left) * (part.bottom - part.top));
      for (const [at, tile] of tiles.entries()) {
        const area = areas[at];
        const coarse = areaOf(set, above(tile, level - set.minLevel));
        if (!area) throw new Error('no area');
        expect(area.left).toBeLessThan(area.right);
        expect(area.left).toBeGreaterThanOrEqual(coarse.left);
        expect(area.bottom).toBeLessThanOrEqual(coarse.bottom);
      }
      return true;
    }),
  );
});
