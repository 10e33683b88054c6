import { expect, test } from 'vitest';
import { counted, doubtful, optionsOf, sendable, shapesOf, token } from './answers';
import { disputed, given } from './testCase';

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

test('the same shapes are the same answer whatever the order of their fields', () => {
  const box = { id: 'a', type: 'box', class: 'cat', box: [1, 2, 3, 4] };
  const turned = { box: [1, 2, 3, 4], class: 'cat', type: 'box', id: 'a' };
  expect(token({ kind: 'shapes', shapes: [box] })).toBe(token({ kind: 'shapes', shapes: [turned] }));
  expect(token({ kind: 'shapes', shapes: [box] })).not.toBe(token({ kind: 'shapes', shapes: [] }));
  expect(token({ kind: 'number', number: 1 })).not.toBe(token({ kind: 'text', text: '1' }));
  expect(shapesOf({ kind: 'answers', answers: { parts: { kind: 'shapes', shapes: [box] } } })).toEqual([box]);
});

test('what was sent back counts no more', () => {
  const back = {
    destination: 'pool',
    comment: 'x',
    x: null,
    y: null,
    by: 'Lea',
    at: '2026-01-02T10:00:00Z',
  } as const;
  const answers = [
    given(1, 'A-1', 'crowd', { kind: 'class', classes: ['dog'] }, { sent_back: back }),
    ...disputed.answers.slice(1),
  ];
  const one = { ...disputed, answers };
  expect(counted(one).map((other) => other.id)).toEqual([2, 3, 4]);
  expect(optionsOf(one).find((option) => option.token === 'class:dog')?.given).toHaveLength(1);
});

test('those who do not say what leads are the ones to ask again', () => {
  expect(doubtful(disputed)).toEqual([1, 3, 4]);
  const agreed = disputed.answers.slice(1, 2);
  expect(doubtful({ ...disputed, answers: agreed })).toEqual([2]);
});

test('an answer is sent with its own fields only', () => {
  const shown = { kind: 'class', classes: ['cat'], reason: null, text: undefined } as const;
  expect(sendable({ ...shown, classes: ['cat'] })).toEqual({ kind: 'class', classes: ['cat'] });
  expect(sendable({ kind: 'none_of_these', classes: [], reason: null })).toEqual({ kind: 'none_of_these' });
});
