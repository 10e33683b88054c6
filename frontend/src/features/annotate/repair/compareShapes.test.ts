import { expect, test } from 'vitest';
import type { ShapeJson } from '@/engine/model/json';
import { compareShapes, shapesIn } from './compareShapes';

const box = (id: string, x: number, more: Partial<ShapeJson> = {}): ShapeJson => ({
  id,
  type: 'box',
  class: 'wheel',
  box: [x, 0, 10, 10],
  ...more,
});
const ids = (shapes: readonly ShapeJson[]) => shapes.map(({ id }) => id);

test('added, removed, moved, renamed and with other details', () => {
  const there = [box('a', 0), box('b', 20), box('c', 40), box('d', 60, { attributes: { x: 1, y: 2 } })];
  const here = [
    box('a', 1),
    box('c', 40, { class: 'door' }),
    box('d', 60, { attributes: { y: 3, x: 1 } }),
    box('e', 80),
  ];
  const found = compareShapes(here, there);
  expect([ids(found.added), ids(found.removed)]).toEqual([['e'], ['b']]);
  expect(
    [found.moved, found.renamed, found.detailed].map((pairs) => pairs.map((one) => one.here.id)),
  ).toEqual([['a'], ['c'], ['d']]);
  expect([found.same, found.restacked]).toEqual([0, false]);
});

test('nothing differs where only the order of attributes, an eye or a lock does', () => {
  const there = [box('a', 0, { attributes: { x: 1, y: 2 } }), box('b', 20, { hidden: true })];
  const here = [box('a', 0, { attributes: { y: 2, x: 1 } }), box('b', 20, { locked: true })];
  expect(compareShapes(here, there)).toEqual({
    added: [],
    removed: [],
    moved: [],
    renamed: [],
    detailed: [],
    same: 2,
    restacked: false,
  });
});

test('what was drawn alike in two browsers is the same, as often as it was drawn', () => {
  const found = compareShapes([box('a', 0), box('b', 0), box('c', 5)], [box('x', 0), box('y', 5)]);
  expect([ids(found.added), ids(found.removed), found.same]).toEqual([['b'], [], 2]);
});

test('another order is told, and not that of what is only in one', () => {
  const [a, b] = [box('a', 0), box('b', 20)];
  expect(compareShapes([b, a], [a, b]).restacked).toBe(true);
  expect(compareShapes([box('n', 3), a, b], [a, box('g', 9), b]).restacked).toBe(false);
});

test('shapes are found in answers to several questions', () => {
  const shapes = [box('a', 0)];
  expect(shapesIn({ kind: 'shapes', shapes })).toEqual(shapes);
  const answers = { parts: { kind: 'shapes' as const, shapes }, kind: { kind: 'cannot_tell' as const } };
  expect(shapesIn({ kind: 'answers', answers })).toEqual(shapes);
  expect(shapesIn({ kind: 'none_of_these' })).toEqual([]);
});
