import fc from 'fast-check';
import { expect, test } from 'vitest';
import { geometryIn, PERSON, SIZE } from '../testShapes';
import { shapeBounds } from './bounds';
import { makeShape } from './shapes';
import {
  clampMove,
  copyInto,
  deleteVertex,
  insertVertex,
  moveShape,
  roundShape,
  stretchShape,
  turnShape,
} from './transform';
import { validateShape } from './validate';

const templates = new Map([[PERSON.key, PERSON]]);
const anyShape = geometryIn.map((geometry) => makeShape(geometry, 'car', 'a'));
const step = fc.integer({ min: -300, max: 300 });

test('a move that was clamped never leaves the picture, and back again is where it was', () => {
  fc.assert(
    fc.property(anyShape, step, step, (shape, x, y) => {
      const { dx, dy } = clampMove(shapeBounds(shape), x, y, SIZE);
      const moved = roundShape(moveShape(shape, dx, dy));
      expect(validateShape(moved, SIZE, { templates })).toEqual([]);
      // A mask moves by whole pixels, and its bounds are whole already.
      const back = roundShape(moveShape(moved, -dx, -dy));
      expect(back).toEqual(shape.kind === 'mask' ? shape : roundShape(shape));
    }),
  );
});

test('turning and turning back, stretching and back', () => {
  fc.assert(
    fc.property(anyShape, fc.integer({ min: -720, max: 720 }), (shape, degrees) => {
      fc.pre(shape.kind !== 'box' && shape.kind !== 'mask');
      const about = { x: 100, y: 60 };
      expect(roundShape(turnShape(turnShape(shape, about, degrees), about, -degrees))).toEqual(
        roundShape(shape),
      );
      const from = shapeBounds(shape);
      const to = { minX: 10, minY: 10, maxX: 70, maxY: 50 };
      fc.pre(from.maxX - from.minX > 1 && from.maxY - from.minY > 1 && shape.kind !== 'rotated_box');
      expect(roundShape(stretchShape(stretchShape(shape, from, to), to, from))).toEqual(roundShape(shape));
    }),
  );
});

test('a copy for another picture is moved in, refused when it cannot fit', () => {
  const box = makeShape({ kind: 'box', x: 150, y: 80, width: 40, height: 30 }, 'car', 'a');
  expect(copyInto(box, { width: 100, height: 100 }, 'n')).toMatchObject({ id: 'n', x: 60, y: 70 });
  expect(copyInto(box, { width: 30, height: 100 }, 'n')).toBeNull();
  const mask = makeShape({ kind: 'mask', mask: { ...SIZE, counts: [0, 1, 23999] } }, 'car', 'm');
  expect(copyInto(mask, SIZE, 'n')).toMatchObject({ id: 'n' });
  expect(copyInto(mask, { width: 100, height: 100 }, 'n')).toBeNull();
});

test('a vertex comes and goes; the last three stay, a hole goes whole', () => {
  const outline = [
    { x: 0, y: 0 },
    { x: 60, y: 0 },
    { x: 30, y: 60 },
  ];
  const hole = outline.map(({ x, y }) => ({ x: 20 + x / 6, y: 10 + y / 6 }));
  const polygon = makeShape({ kind: 'polygon', rings: [outline, hole] }, 'car', 'a');
  if (polygon.kind !== 'polygon') throw new Error('not a polygon');
  const more = insertVertex(polygon, { ring: 0, vertex: 2 }, { x: 10, y: 30 });
  expect(more.rings[0]).toHaveLength(4);
  expect(deleteVertex(more, { ring: 0, vertex: 3 })).toEqual(polygon);
  expect(deleteVertex(polygon, { ring: 0, vertex: 1 })).toBeNull();
  expect(deleteVertex(polygon, { ring: 1, vertex: 1 })).toMatchObject({ rings: [outline] });
});
