import { expect, test } from 'vitest';
import { addPoint, layoutOf, nameFault, placePoint, removePoint, renamePoint, toggleEdge } from './skeleton';
import type { Skeleton } from './types';

const hand: Skeleton = {
  key: 'hand',
  names: ['wrist', 'thumb', 'index'],
  edges: [
    [0, 1],
    [0, 2],
  ],
};

test('points nobody placed stand in a row, as the server has them', () => {
  expect(layoutOf(hand)).toEqual([
    { x: 1 / 6, y: 0.5 },
    { x: 0.5, y: 0.5 },
    { x: 5 / 6, y: 0.5 },
  ]);
});

test('a new point has a name and a place of its own', () => {
  let one: Skeleton = { key: 'new', names: [], edges: [] };
  for (let n = 0; n < 12; n += 1) one = addPoint(one, 'point');
  expect(new Set(one.names).size).toBe(12);
  const places = layoutOf(one);
  expect(new Set(places.map(({ x, y }) => `${x},${y}`)).size).toBe(12);
  expect(places.every(({ x, y }) => x >= 0 && x <= 1 && y >= 0 && y <= 1)).toBe(true);
  expect(addPoint(renamePoint(addPoint(hand, 'point'), 0, 'point 5'), 'point').names.at(-1)).toBe('point 6');
});

test('a point goes with its edges, and those after it keep theirs', () => {
  expect(removePoint(hand, 1)).toMatchObject({ names: ['wrist', 'index'], edges: [[0, 1]] });
  expect(removePoint(hand, 1).layout).toHaveLength(2);
  expect(removePoint(hand, 0).edges).toEqual([]);
});

test('a place stays in the box', () => {
  expect(placePoint(hand, 1, { x: 1.4, y: -2 }).layout?.[1]).toEqual({ x: 1, y: 0 });
});

test('two points are joined once, whichever is named first, and parted again', () => {
  const joined = toggleEdge(hand, 2, 1);
  expect(joined.edges).toHaveLength(3);
  expect(toggleEdge(joined, 1, 2).edges).toEqual(hand.edges);
  expect(toggleEdge(hand, 1, 1)).toBe(hand);
});

test('a name is needed and is nobody else’s', () => {
  expect(nameFault(['a', ' '], 1)).toBe('empty');
  expect(nameFault(['a', 'a '], 0)).toBe('twice');
  expect(nameFault(['a', 'b'], 0)).toBeNull();
});
