import { expect, test } from 'vitest';
import { formatAgo, formatBytes, formatDuration, formatP, formatPercent } from './format';

test('percentages have one decimal at most', () => {
  expect(formatPercent(0.98765)).toBe('98.8%');
  expect(formatPercent(0.5)).toBe('50%');
});

test('durations change their unit at a minute and an hour', () => {
  expect(formatDuration(59.4)).toBe('59 s');
  expect(formatDuration(185)).toBe('3 min 05 s');
  expect(formatDuration(7800)).toBe('2 h 10 min');
});

test('bytes are decimal', () => {
  expect(formatBytes(999)).toBe('999 B');
  expect(formatBytes(2_700_000)).toBe('2.7 MB');
});

test('p-values stop at three decimals', () => {
  expect(formatP(0.00002)).toBe('p < 0.001');
  expect(formatP(0.0421)).toBe('p = 0.042');
});

test('recent times are relative, old ones are dates', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  expect(formatAgo('2026-11-21T09:00:00Z', now)).toBe('3 hours ago');
  expect(formatAgo('2026-01-05T09:00:00Z', now)).toContain('2026');
});
