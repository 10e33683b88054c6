import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shapeBounds, shapePoints } from '../model/bounds';
import { makeShape, type Shape } from '../model/shapes';
import { validateShape } from '../model/validate';
import { pointIn, SIZE } from '../testShapes';
import { dragHandle, type Handle, handleAt, handlesOf } from './handles';

const free = { steady: false };
const box = makeShape({ kind: 'box', x: 20, y: 20, width: 40, height: 20 }, 'car', 'b');
const turned = makeShape(
  { kind: 'rotated_box', cx: 100, cy: 60, width: 40, height: 20, angle: 30 },
  'car',
  'r',
);
const polygon = makeShape(
  {
    kind: 'polygon',
    rings: [
      [
        { x: 20, y: 20 },
        { x: 80, y: 20 },
        { x: 50, y: 80 },
      ],
    ],
  },
  'car',
  'p',
);
const grab = (shape: Shape, kind: Handle['kind'], index = 0): Handle => {
  const found = handlesOf(shape, 1).filter((handle) => handle.kind === kind)[index];
  if (!found) throw new Error('There is no such handle.');
  return found;
};

test('wherever a handle is drawn, the shape stays inside the picture', () => {
  const anywhere = fc.tuple(fc.integer({ min: -90, max: 300 }), fc.integer({ min: -90, max: 250 }));
  fc.assert(
    fc.property(
      fc.constantFrom(box, turned, polygon),
      fc.nat(20),
      anywhere,
      fc.boolean(),
      (shape, n, [x, y], steady) => {
        const handles = handlesOf(shape, 1);
        const handle = handles[n % handles.length];
        if (!handle) throw new Error('A shape without handles.');
        const next = dragHandle(shape, handle, { x, y }, SIZE, { steady });
        expect(validateShape(next, SIZE).map((fault) => fault.code)).not.toContain('outside_image');
      },
    ),
  );
});

test('the opposite corner of a box stays, turned or not', () => {
  fc.assert(
    fc.property(fc.constantFrom(box, turned), fc.nat(3), pointIn, (shape, corner, to) => {
      const next = dragHandle(shape, grab(shape, 'corner', corner), to, SIZE, free);
      const fixed = shapePoints(shape)[(corner + 2) % 4] ?? { x: 0, y: 0 };
      const nearest = Math.min(...shapePoints(next).map((p) => Math.hypot(p.x - fixed.x, p.y - fixed.y)));
      expect(nearest).toBeLessThan(1e-6);
    }),
  );
});

test('a side moves one edge, a corner with steady grip keeps the proportions', () => {
  expect(dragHandle(box, grab(box, 'side', 1), { x: 90, y: 5 }, SIZE, free)).toMatchObject({
    x: 20,
    y: 20,
    width: 70,
    height: 20,
  });
  const larger = dragHandle(box, grab(box, 'corner', 2), { x: 100, y: 90 }, SIZE, { steady: true });
  expect(larger).toMatchObject({ x: 20, y: 20, width: 80, height: 40 });
});

test('a box that is drawn over its other side is turned over, never negative', () => {
  const next = dragHandle(box, grab(box, 'corner', 0), { x: 100, y: 100 }, SIZE, free);
  expect(next).toMatchObject({ x: 60, y: 40, width: 40, height: 60 });
});

test('the handle above a turned box turns it; steady in steps of 15 degrees', () => {
  const handle = grab(turned, 'turn');
  expect(dragHandle(turned, handle, { x: 150, y: 60 }, SIZE, free)).toMatchObject({
    angle: 90,
    cx: 100,
    cy: 60,
  });
  expect(dragHandle(turned, handle, { x: 150, y: 63 }, SIZE, { steady: true })).toMatchObject({ angle: 90 });
});

test('vertices move, and come in the middle of an edge', () => {
  const moved = dragHandle(polygon, grab(polygon, 'vertex', 2), { x: 55, y: 90 }, SIZE, free);
  expect(shapePoints(moved)[2]).toEqual({ x: 55, y: 90 });
  const inserted = dragHandle(polygon, grab(polygon, 'edge', 0), { x: 50, y: 10 }, SIZE, free);
  expect(shapePoints(inserted)).toHaveLength(4);
  expect(shapePoints(inserted)[1]).toEqual({ x: 50, y: 10 });
  expect(shapeBounds(polygon).minY).toBe(20);
});

test('of two handles in reach the vertex is taken; short edges have none in their middle', () => {
  const handles = handlesOf(polygon, 1);
  expect(handleAt(handles, { x: 20, y: 20 }, 8)).toMatchObject({ kind: 'vertex', vertex: 0 });
  expect(handleAt(handles, { x: 50, y: 22 }, 8)).toMatchObject({ kind: 'edge', vertex: 0 });
  expect(handleAt(handles, { x: 50, y: 45 }, 8)).toBeNull();
  expect(handlesOf(polygon, 0.2).some((handle) => handle.kind === 'edge')).toBe(false);
});
