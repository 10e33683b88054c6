import { act, renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Problem, unreachable } from '@/api/problem';
import { useRequestKey } from './useRequestKey';

const failed = (status: number) => new Problem({ title: 'No', status, code: 'x' });

test.each([
  ['it was done', null, false],
  ['it was refused', failed(422), false],
  ['no answer came', unreachable(new Error('offline')), true],
  ['a proxy gave up', failed(504), true],
])('after %s the next try carries the same key or another', (_when, error, same) => {
  const { result } = renderHook(useRequestKey);
  const [first, renew] = result.current;
  act(() => renew(error));
  expect(result.current[0] === first).toBe(same);
});
