import { expect, test } from 'vitest';
import { SIZE } from '../testShapes';
import {
  addShapes,
  emptyDocument,
  exchangeShape,
  removeShapes,
  restack,
  shapeById,
  shapesById,
} from './document';
import { makeShape, newShapeId } from './shapes';

const dot = (id: string) => makeShape({ kind: 'point', x: 1, y: 1 }, 'car', id);
const all = addShapes(emptyDocument(SIZE), ['a', 'b', 'c', 'd'].map(dot));
const order = (document: typeof all) => document.shapes.map((shape) => shape.id).join('');

test('the stack', () => {
  const ids = new Set(['b', 'c']);
  expect(order(restack(all, ids, 'front'))).toBe('adbc');
  expect(order(restack(all, ids, 'back'))).toBe('bcad');
  expect(order(restack(all, ids, 'forward'))).toBe('adbc');
  expect(order(restack(all, ids, 'backward'))).toBe('bcad');
  expect(order(restack(all, new Set(['a', 'd']), 'forward'))).toBe('bacd');
  expect(restack(all, new Set(['d']), 'front')).toBe(all);
  expect(restack(all, new Set(['d']), 'forward')).toBe(all);
});

test('finding, removing, exchanging', () => {
  expect(shapeById(all, 'c')?.id).toBe('c');
  expect(shapeById(all, 'z')).toBeNull();
  expect(shapesById(all, new Set(['d', 'z', 'a'])).map((shape) => shape.id)).toEqual(['a', 'd']);
  expect(order(exchangeShape(all, 'b', [dot('x'), dot('y')]))).toBe('axycd');
  expect(removeShapes(all, new Set(['z']))).toBe(all);
});

test('an id is given once', () => {
  expect(() => addShapes(all, [dot('a')])).toThrow('already');
  expect(() => addShapes(all, [dot('x'), dot('x')])).toThrow('already');
  const ids = new Set(Array.from({ length: 2000 }, newShapeId));
  expect(ids.size).toBe(2000);
});
