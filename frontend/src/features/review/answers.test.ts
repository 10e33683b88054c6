import { expect, test } from 'vitest';
import { optionsOf, token } from './answers';
import { disputed } from './testCase';

test('the same classes in another order are the same answer', () => {
  expect(token({ kind: 'class', classes: ['b', 'a'] })).toBe(token({ kind: 'class', classes: ['a', 'b'] }));
  expect(token({ kind: 'none_of_these' })).not.toBe(token({ kind: 'cannot_tell' }));
});

test('the consensus leads even against the many, and a skip is no answer', () => {
  const options = optionsOf(disputed);
  expect(options.map((option) => [option.token, option.given.length, option.probability])).toEqual([
    ['class:cat', 1, 0.62],
    ['class:dog', 2, 0.31],
    ['none_of_these', 1, 0.07],
  ]);
});

test('without a consensus the answer of the most people leads', () => {
  expect(optionsOf({ ...disputed, estimate: null })[0]?.token).toBe('class:dog');
});
