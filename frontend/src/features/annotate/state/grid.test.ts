import { expect, test } from 'vitest';
import type { Answer } from '../types';
import {
  EMPTY_GRID,
  fill,
  flag,
  type Grid,
  goTo,
  mark,
  move,
  redo,
  restore,
  select,
  targets,
  toggle,
  undo,
  withClass,
} from './grid';

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const cat: Answer = { kind: 'class', classes: ['cat'] };
const dog: Answer = { kind: 'class', classes: ['dog'] };
const begin = (n = 6) => fill(EMPTY_GRID, numbers(1, n), n);
const marked = (grid: Grid) => Object.fromEntries([...grid.marks].map(([t, a]) => [t, a.kind]));

test('a page keeps what is not answered in its place, and new tasks take the free ones', () => {
  const grid = fill(begin(), [1, 3, 5, 7, 8, 9, 10], 6);
  expect(grid.page).toEqual([1, 7, 3, 8, 5, 9]);
  expect(fill(grid, [1, 3, 5, 7, 8, 9, 10, 11], 6)).toBe(grid);
  expect(fill(grid, [3], 6).page).toEqual([3]);
  expect(fill(begin(4), numbers(1, 9), 6).page).toEqual([1, 2, 3, 4, 5, 6]);
  expect(fill(begin(6), numbers(1, 9), 4).page).toEqual([1, 2, 3, 4]);
});

test('marks, flags and selection go with the tasks they belong to, and the cursor stays on the page', () => {
  let grid = mark(select(goTo(begin(), 5, false), [1, 2]), new Map([[1, cat], [2, dog]])); // biome-ignore format: pairs
  grid = flag(select(grid, [1, 2]), [1, 2]);
  const left = fill(grid, [2, 3], 6);
  expect([left.page, marked(left), [...left.flagged], [...left.selected], left.cursor]).toEqual([
    [2, 3],
    { 2: 'class' },
    [2],
    [2],
    1,
  ]);
  // Of what happened before, the steps of those that are still here.
  const unflagged = undo(left);
  expect([[...unflagged.flagged], marked(unflagged)]).toEqual([[], { 2: 'class' }]);
  const unmarked = undo(unflagged);
  expect(marked(unmarked)).toEqual({});
  expect(undo(unmarked)).toBe(unmarked);
  expect(undo(fill(left, [3], 6)).past).toEqual([]);
});

test('arrows move, Shift selects the range from where it began, and back', () => {
  let grid = move(move(begin(), 1, false), 3, true);
  expect(targets(grid)).toEqual([2, 3, 4, 5]);
  grid = move(grid, -3, true);
  expect(targets(grid)).toEqual([2]);
  expect(targets(move(grid, -1, false))).toEqual([1]);
  expect(move(begin(), -1, false).cursor).toBe(0);
  expect(move(begin(), 6, true).selected.size).toBe(0);
});

test('single places are added and taken out, and a key applies to them in the order of the page', () => {
  const grid = toggle(toggle(toggle(begin(), 4), 0), 2);
  expect(targets(grid)).toEqual([1, 3, 5]);
  expect(targets(toggle(grid, 2))).toEqual([1, 5]);
  expect(toggle(grid, 99)).toBe(grid);
});

test('one answer goes on to the next place without one; a selection stays where it is', () => {
  let grid = mark(begin(), new Map([[1, cat]]));
  expect(grid.cursor).toBe(1);
  grid = mark(select(grid, [2, 3]), new Map([[2, cat], [3, cat]])); // biome-ignore format: pairs
  expect([grid.cursor, grid.selected.size]).toEqual([1, 0]);
  grid = mark(grid, new Map([[2, dog]]));
  expect(grid.cursor).toBe(3);
});

test('what was kept is put back where nothing newer was said, and is no step', () => {
  const grid = mark(begin(), new Map([[1, cat]]));
  const back = restore(grid, { marks: new Map([[1, dog], [2, dog], [99, dog]]), flagged: new Set([3, 99]) }); // biome-ignore format: pairs
  expect(back.marks.get(1)).toBe(cat);
  expect([marked(back), [...back.flagged]]).toEqual([{ 1: 'class', 2: 'class' }, [3]]);
  expect(back.past).toHaveLength(1);
});

test('marks and flags are undone step by step, and done again until something else is said', () => {
  const one = mark(begin(), new Map([[1, cat]]));
  const none = mark(one, new Map([[1, null]]));
  expect(marked(none)).toEqual({});
  expect(marked(undo(none))).toEqual({ 1: 'class' });
  expect(marked(undo(undo(none)))).toEqual({});
  expect(marked(redo(undo(undo(none))))).toEqual({ 1: 'class' });
  expect(redo(redo(undo(undo(none)))).marks).toEqual(none.marks);
  const flagged = flag(none, [2]);
  expect([...redo(undo(flagged)).flagged]).toEqual([2]);
  const other = mark(undo(flagged), new Map([[3, dog]]));
  expect(redo(other)).toBe(other);
});

test('a flag is set for all, and taken away only when all have it', () => {
  const some = flag(begin(), [1]);
  const all = flag(some, [1, 2]);
  expect([...all.flagged]).toEqual([1, 2]);
  expect([...flag(all, [1, 2]).flagged]).toEqual([]);
});

test('one class replaces; of several it is added, taken from all that have it, and never one too many', () => {
  const grid = mark(begin(), new Map([[1, cat]]));
  expect([...withClass(grid, [1, 2], 'dog', false, null).values()]).toEqual([dog, dog]);
  const both = withClass(grid, [1, 2], 'dog', true, null);
  expect([...both.values()]).toEqual([{ kind: 'class', classes: ['cat', 'dog'] }, dog]);
  const after = mark(grid, both);
  expect([...withClass(after, [1, 2], 'dog', true, null).values()]).toEqual([cat, null]);
  expect([...withClass(grid, [1, 2], 'dog', true, 1)]).toEqual([[2, dog]]);
});
