import { expect, test } from 'vitest';
import { extent, linear, shares, ticks } from './scale';

test('ticks are round and inside the domain', () => {
  expect(ticks([0, 1])).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(ticks([0, 97], 4)).toEqual([0, 50]);
  expect(ticks([-0.3, 0.3], 3)).toEqual([-0.2, 0, 0.2]);
  expect(ticks([5, 5])).toEqual([5]);
});

test('a domain without width maps to the middle', () => {
  expect(linear([2, 2], [0, 100])(2)).toBe(50);
  expect(linear([0, 10], [100, 0])(2.5)).toBe(75);
});

test('extent ignores what is not a number', () => {
  expect(extent([3, Number.NaN, -1])).toEqual([-1, 3]);
  expect(extent([])).toEqual([0, 1]);
});

test('shares sum to one, or are zero', () => {
  expect(shares([1, 3])).toEqual([0.25, 0.75]);
  expect(shares([0, 0])).toEqual([0, 0]);
});
