import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shapeBounds } from '../model/bounds';
import { overlaps } from '../model/geometry';
import { type Geometry, makeShape, type Shape } from '../model/shapes';
import { pointIn, SIZE, shapesIn } from '../testShapes';
import { hitAll, hits, hitTop, inRectangle } from './hitTest';
import { SpatialIndex } from './SpatialIndex';

const anyShape = () => true;
const documentOf = (shapes: readonly Shape[]) => ({ ...SIZE, shapes });
/** Enough shapes that a tree is built, each with an id of its own. */
const many = fc
  .array(shapesIn(12), { minLength: 1, maxLength: 14 })
  .map((groups) => groups.flat().map((shape, i) => ({ ...shape, id: `m${i}` })));

test('the index finds what looking at every shape finds, after changes too', () => {
  fc.assert(
    fc.property(many, shapesIn(4), pointIn, pointIn, fc.nat(100), (shapes, added, a, b, cut) => {
      const index = new SpatialIndex();
      const area = {
        minX: Math.min(a.x, b.x),
        minY: Math.min(a.y, b.y),
        maxX: Math.max(a.x, b.x),
        maxY: Math.max(a.y, b.y),
      };
      const turned = shapes.slice(cut % (shapes.length + 1)).reverse();
      for (const list of [shapes, [...turned, ...added], shapes]) {
        index.update(documentOf(list));
        expect(index.search(area)).toEqual(list.filter((shape) => overlaps(shapeBounds(shape), area)));
        expect(hitAll(index, a, 2, anyShape)).toEqual(list.filter((shape) => hits(shape, a, 2)).reverse());
      }
    }),
    { numRuns: 60 },
  );
});

/** Sampling along edges and over pixels: slow and plain. */
function touchesSlowly(
  shape: Shape,
  area: { minX: number; minY: number; maxX: number; maxY: number },
): boolean {
  for (let i = 0; i <= 40; i += 1)
    for (let j = 0; j <= 40; j += 1) {
      const x = area.minX + ((area.maxX - area.minX) * i) / 40;
      const y = area.minY + ((area.maxY - area.minY) * j) / 40;
      if (hits(shape, { x, y }, 0)) return true;
    }
  return false;
}

test('a rectangle from right to left takes at least what a grid of clicks in it would hit', () => {
  fc.assert(
    fc.property(shapesIn(6), pointIn, pointIn, (shapes, a, b) => {
      const index = new SpatialIndex();
      index.update(documentOf(shapes));
      const area = {
        minX: Math.min(a.x, b.x),
        minY: Math.min(a.y, b.y),
        maxX: Math.max(a.x, b.x),
        maxY: Math.max(a.y, b.y),
      };
      const touched = new Set(inRectangle(index, area, true, anyShape));
      const inside = inRectangle(index, area, false, anyShape);
      for (const shape of shapes) if (touchesSlowly(shape, area)) expect(touched.has(shape)).toBe(true);
      for (const shape of inside) expect(touched.has(shape)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

const shape = (geometry: Geometry, id = 'a') => makeShape(geometry, 'car', id);
const ring = (...flat: number[]) =>
  Array.from({ length: flat.length / 2 }, (_, i) => ({ x: flat[2 * i] ?? 0, y: flat[2 * i + 1] ?? 0 }));

test.each<[string, Geometry, [number, number], boolean]>([
  [
    'in a hole',
    { kind: 'polygon', rings: [ring(0, 0, 60, 0, 60, 60, 0, 60), ring(10, 10, 50, 10, 30, 50)] },
    [30, 20],
    false,
  ],
  [
    'on the edge of a hole',
    { kind: 'polygon', rings: [ring(0, 0, 60, 0, 60, 60, 0, 60), ring(10, 10, 50, 10, 30, 50)] },
    [30, 11],
    true,
  ],
  [
    'beside a turned box, inside its bounds',
    { kind: 'rotated_box', cx: 50, cy: 50, width: 60, height: 4, angle: 45 },
    [70, 35],
    false,
  ],
  [
    'on a turned box',
    { kind: 'rotated_box', cx: 50, cy: 50, width: 60, height: 4, angle: 45 },
    [65, 65],
    true,
  ],
  ['near a line', { kind: 'polyline', points: ring(0, 0, 50, 50) }, [26, 24], true],
  ['off a line', { kind: 'polyline', points: ring(0, 0, 50, 50) }, [30, 20], false],
  [
    'between the points of a skeleton',
    {
      kind: 'keypoints',
      template: 'p',
      points: [
        { x: 0, y: 0, visibility: 2 },
        { x: 50, y: 0, visibility: 1 },
      ],
    },
    [25, 0],
    false,
  ],
  [
    'on a point that is not there',
    {
      kind: 'keypoints',
      template: 'p',
      points: [
        { x: 0, y: 0, visibility: 0 },
        { x: 50, y: 0, visibility: 1 },
      ],
    },
    [0, 0],
    false,
  ],
  ['on ink', { kind: 'mask', mask: { ...SIZE, counts: [0, 1, 23999] } }, [0.5, 0.5], true],
  ['beside ink', { kind: 'mask', mask: { ...SIZE, counts: [0, 1, 23999] } }, [0.5, 1.5], false],
])('%s', (_, geometry, [x, y], expected) => {
  expect(hits(shape(geometry), { x, y }, 2)).toBe(expected);
});

test('a small shape under a large one is meant, of equals the upper', () => {
  const index = new SpatialIndex();
  const large = shape({ kind: 'box', x: 0, y: 0, width: 100, height: 100 }, 'large');
  const small = shape({ kind: 'box', x: 10, y: 10, width: 10, height: 10 }, 'small');
  const twin = { ...large, id: 'twin' };
  index.update(documentOf([small, large, twin]));
  expect(hitTop(index, { x: 15, y: 15 }, 1, anyShape)?.id).toBe('small');
  expect(hitTop(index, { x: 50, y: 50 }, 1, anyShape)?.id).toBe('twin');
  expect(hitTop(index, { x: 50, y: 50 }, 1, (s) => s.id !== 'twin')?.id).toBe('large');
  expect(hitTop(index, { x: 150, y: 50 }, 1, anyShape)).toBeNull();
});
