import { expect, test } from 'vitest';
import { dragged, filterOf, isPlain, PLAIN, turned } from './look';

test('up is brighter, right has more contrast, and both have their ends', () => {
  expect(dragged(PLAIN, 100, -40)).toEqual({ brightness: 1.2, contrast: 1.5 });
  expect(dragged(PLAIN, -10_000, 10_000)).toEqual({ brightness: 0.2, contrast: 0.2 });
  expect(dragged(PLAIN, 10_000, -10_000)).toEqual({ brightness: 3, contrast: 3 });
});

test('the wheel turns one of them', () => {
  expect(turned(PLAIN, -100, false)).toEqual({ brightness: 1.1, contrast: 1 });
  expect(turned(PLAIN, 100, true)).toEqual({ brightness: 1, contrast: 0.9 });
});

test('a picture as it is needs no filter, which costs time at every frame', () => {
  expect(filterOf(PLAIN)).toBe('');
  expect(isPlain(turned(turned(PLAIN, 100, true), -100, true))).toBe(true);
  expect(filterOf({ brightness: 1.2, contrast: 0.5 })).toBe('brightness(1.2) contrast(0.5)');
});
