import fc from 'fast-check';
import { expect, test } from 'vitest';
import { documentIn, geometryIn, PERSON, SIZE } from '../testShapes';
import { findCrossing } from './crossing';
import { segmentsMeet } from './geometry';
import { type Geometry, makeShape, type Ring } from './shapes';
import { validate, validateShape } from './validate';

const templates = new Map([[PERSON.key, PERSON]]);
const codes = (geometry: Geometry, classKey = 'car') =>
  validateShape(makeShape(geometry, classKey, 'a'), SIZE, { templates }).map((fault) => fault.code);
const ring = (...flat: number[]): Ring =>
  Array.from({ length: flat.length / 2 }, (_, i) => ({ x: flat[2 * i] ?? 0, y: flat[2 * i + 1] ?? 0 }));
const polygon = (...rings: Ring[]): Geometry => ({ kind: 'polygon', rings });
const square = ring(10, 10, 50, 10, 50, 50, 10, 50);

test('nothing is said against valid shapes', () => {
  fc.assert(
    fc.property(documentIn(), (document) => {
      expect(validate(document, { templates, classes: new Set(['car', 'person', 'tree']) })).toEqual([]);
    }),
  );
});

test('every shape that is moved out of the picture is outside', () => {
  fc.assert(
    fc.property(geometryIn, (geometry) => {
      fc.pre(geometry.kind === 'box' || geometry.kind === 'point');
      const far = 'x' in geometry ? { ...geometry, x: geometry.x + SIZE.width + 1 } : geometry;
      expect(codes(far)).toContain('outside_image');
    }),
  );
});

test.each<[string, Geometry]>([
  ['not_a_number', { kind: 'point', x: Number.NaN, y: 3 }],
  ['outside_image', { kind: 'point', x: 3, y: -1 }],
  ['outside_image', { kind: 'rotated_box', cx: 20, cy: 5, width: 30, height: 6, angle: 90 }],
  ['too_small', { kind: 'box', x: 3, y: 3, width: 0.2, height: 9 }],
  ['too_few_points', polygon(ring(1, 1, 5, 5))],
  ['too_few_points', polygon()],
  ['too_few_points', { kind: 'polyline', points: ring(1, 1) }],
  ['self_crossing', polygon(ring(10, 10, 50, 50, 50, 10, 10, 50))],
  ['self_crossing', polygon(ring(10, 10, 50, 10, 30, 10))],
  ['rings_crossing', polygon(square, ring(40, 20, 60, 20, 60, 30))],
  ['hole_outside', polygon(square, ring(60, 60, 70, 60, 70, 70))],
  ['hole_outside', polygon(square, ring(15, 15, 45, 15, 45, 45, 15, 45), ring(20, 20, 30, 20, 30, 30))],
  ['too_small', polygon(ring(10, 10, 10.2, 10, 10.2, 10.2))],
  ['mask_size', { kind: 'mask', mask: { width: 20, height: 12, counts: [0, 240] } }],
  ['mask_counts', { kind: 'mask', mask: { ...SIZE, counts: [3, 4] } }],
  ['mask_counts', { kind: 'mask', mask: { ...SIZE, counts: [24003, -3] } }],
  ['mask_empty', { kind: 'mask', mask: { ...SIZE, counts: [24000] } }],
  ['unknown_template', { kind: 'keypoints', template: 'dog', points: [{ x: 1, y: 1, visibility: 2 }] }],
  ['key_point_count', { kind: 'keypoints', template: 'person', points: [{ x: 1, y: 1, visibility: 2 }] }],
  [
    'key_points_absent',
    { kind: 'keypoints', template: 'person', points: Array(3).fill({ x: 0, y: 0, visibility: 0 }) },
  ],
])('%s: %j', (code, geometry) => {
  expect(codes(geometry)).toEqual([code]);
});

test('class and id', () => {
  const point: Geometry = { kind: 'point', x: 1, y: 1 };
  expect(codes(point, '')).toEqual(['no_class']);
  const twice = [makeShape(point, 'car', 'a'), makeShape(point, 'gone', 'a')];
  expect(validate({ ...SIZE, shapes: twice }, { classes: new Set(['car']) })).toEqual([
    { code: 'unknown_class', shapeId: 'a', index: 1 },
    { code: 'duplicate_id', shapeId: 'a', index: 1 },
  ]);
});

test('a fault names its place', () => {
  const shape = makeShape(polygon(square, ring(40, 20, 60, 20, 60, 30)), 'car', 'a');
  const [fault] = validate({
    ...SIZE,
    shapes: [makeShape({ kind: 'point', x: 1, y: 1 }, 'car', 'b'), shape],
  });
  expect(fault).toMatchObject({ code: 'rings_crossing', shapeId: 'a', index: 1, ring: 0, vertex: 1 });
});

test('the sweep finds a crossing exactly when comparing all pairs does', () => {
  const coordinate = fc.integer({ min: 0, max: 12 });
  const anyRing = fc.array(fc.record({ x: coordinate, y: coordinate }), { minLength: 3, maxLength: 9 });
  fc.assert(
    fc.property(anyRing, (points) => {
      const n = points.length;
      const at = (i: number) => points[i % n] ?? { x: 0, y: 0 };
      let found = false;
      for (let i = 0; i < n; i += 1)
        for (let j = i + 1; j < n; j += 1) {
          const neighbours = j === i + 1 || (i === 0 && j === n - 1);
          if (!neighbours) found ||= segmentsMeet(at(i), at(i + 1), at(j), at(j + 1));
        }
      if (found) expect(findCrossing([points])).not.toBeNull();
      else {
        const back = points.some((_, i) => {
          const [p, q, r] = [at(i), at(i + 1), at(i + 2)];
          const cross = (q.x - p.x) * (r.y - q.y) - (q.y - p.y) * (r.x - q.x);
          return cross === 0 && (q.x - p.x) * (r.x - q.x) + (q.y - p.y) * (r.y - q.y) < 0;
        });
        expect(findCrossing([points]) !== null).toBe(back);
      }
    }),
    { numRuns: 500 },
  );
});
