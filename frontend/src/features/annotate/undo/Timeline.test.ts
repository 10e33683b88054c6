import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PAUSE_MS, Timeline, timelineOf } from './Timeline';

/** A value that is changed in steps, as answers are. */
function pad(timeline: Timeline, start = '') {
  let now = start;
  const set = (text: string) => {
    now = text;
  };
  const write = (next: string, merge?: string) => {
    const before = now;
    set(next);
    const step = { undo: () => set(before), redo: () => set(next) };
    timeline.did(merge === undefined ? step : { ...step, merge });
  };
  return { write, read: () => now };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what was done last goes first, whoever did it, and is done again in the same order', () => {
  const timeline = new Timeline();
  const [one, other] = [pad(timeline), pad(timeline)];
  one.write('a');
  other.write('x');
  one.write('b');
  const seen = () => [one.read(), other.read()].join();
  expect([timeline.undo(), seen()]).toEqual([true, 'a,x']);
  expect([timeline.undo(), seen()]).toEqual([true, 'a,']);
  expect([timeline.undo(), seen()]).toEqual([true, ',']);
  expect([timeline.undo(), timeline.snapshot()]).toEqual([false, { canUndo: false, canRedo: true }]);
  for (let at = 0; at < 3; at += 1) timeline.redo();
  expect([seen(), timeline.redo()]).toEqual(['b,x', false]);
});

test('something new ends what could be done again', () => {
  const timeline = new Timeline();
  const one = pad(timeline);
  one.write('a');
  timeline.undo();
  one.write('b');
  expect(timeline.snapshot()).toEqual({ canUndo: true, canRedo: false });
});

test('typing without a pause is one step, and another field is another', () => {
  const timeline = new Timeline();
  const [one, other] = [pad(timeline), pad(timeline)];
  for (const text of ['1', '12', '123']) one.write(text, 'one');
  vi.advanceTimersByTime(PAUSE_MS);
  one.write('1234', 'one');
  other.write('x', 'other');
  one.write('12345', 'one');
  const seen = () => [one.read(), other.read()].join();
  const states = Array.from({ length: 4 }, () => {
    timeline.undo();
    return seen();
  });
  expect(states).toEqual(['1234,x', '1234,', '123,', ',']);
  for (let at = 0; at < 2; at += 1) timeline.redo();
  expect(seen()).toBe('1234,');
  // What is typed after an undo does not become part of what is left.
  one.write('9', 'one');
  timeline.undo();
  expect(seen()).toBe('1234,');
});

test('what belongs together is one step, forth and back', () => {
  const timeline = new Timeline();
  const [one, other] = [pad(timeline), pad(timeline)];
  timeline.together(() => {
    one.write('a');
    other.write('x');
  });
  one.write('b');
  timeline.join({ undo: () => other.write('x'), redo: () => other.write('y') });
  timeline.undo();
  expect([one.read(), other.read()]).toEqual(['a', 'x']);
  timeline.undo();
  expect([one.read(), other.read()]).toEqual(['', '']);
  timeline.redo();
  timeline.redo();
  expect([one.read(), other.read(), timeline.redo()]).toEqual(['b', 'y', false]);
});

test('a step whose subject is gone is passed over, and what is half done goes before any', () => {
  const timeline = new Timeline();
  const one = pad(timeline);
  one.write('a');
  timeline.did({ undo: () => false, redo: () => false });
  let half = true;
  timeline.half = () => {
    const was = half;
    half = false;
    return was;
  };
  expect([timeline.undo(), one.read()]).toEqual([true, 'a']);
  expect([timeline.undo(), one.read()]).toEqual([true, '']);
  expect([timeline.redo(), one.read(), timeline.redo()]).toEqual([true, 'a', false]);
});

test('three hundred steps are remembered, and none of the item before', () => {
  const timeline = new Timeline();
  const one = pad(timeline);
  for (let at = 1; at <= 301; at += 1) one.write(String(at));
  let taken = 0;
  while (timeline.undo()) taken += 1;
  expect([taken, one.read()]).toEqual([300, '1']);
  timeline.clear();
  expect([timeline.redo(), timeline.snapshot()]).toEqual([false, { canUndo: false, canRedo: false }]);
});

test('everybody at a table has the same timeline', () => {
  const table = {};
  expect(timelineOf(table)).toBe(timelineOf(table));
  expect(timelineOf(table)).not.toBe(timelineOf({}));
});
