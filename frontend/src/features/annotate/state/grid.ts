import type { Answer } from '../types';

/** A page of tasks that are answered together, without React and without a DOM: places, selection and marks. */

/** What a person said and has not submitted. */
export interface Said {
  marks: ReadonlyMap<number, Answer>;
  flagged: ReadonlySet<number>;
}

export interface Grid extends Said {
  /** Tasks by place; those that are not answered keep theirs. */
  page: readonly number[];
  /** The place that the arrows move, and where a range began. */
  cursor: number;
  anchor: number;
  selected: ReadonlySet<number>;
  /** As it was, the latest last. */
  past: readonly Said[];
  /** What was taken back, the latest last. */
  future: readonly Said[];
}

export const EMPTY_GRID: Grid = {
  page: [],
  cursor: 0,
  anchor: 0,
  selected: new Set(),
  marks: new Map(),
  flagged: new Set(),
  past: [],
  future: [],
};

const REMEMBER = 50;

/** New tasks take the places of those that are gone; what belonged to those is forgotten. */
export function fill(grid: Grid, ahead: readonly number[], size: number): Grid {
  const there = new Set(ahead);
  const stay = grid.page.slice(0, size).filter((task) => there.has(task));
  const known = new Set(stay);
  const fresh = ahead.filter((task) => !known.has(task)).slice(0, Math.max(0, size - stay.length));
  const page: number[] = [];
  for (const task of grid.page.slice(0, size)) {
    const next = there.has(task) ? task : fresh.shift();
    if (next !== undefined) page.push(next);
  }
  page.push(...fresh);
  if (page.length === grid.page.length && page.every((task, at) => task === grid.page[at])) return grid;
  const here = new Set(page);
  const left = (said: Said): Said => ({
    marks: new Map([...said.marks].filter(([task]) => here.has(task))),
    flagged: new Set([...said.flagged].filter((task) => here.has(task))),
  });
  const now = left(grid);
  const inside = (at: number) => Math.max(0, Math.min(at, page.length - 1));
  return {
    page,
    cursor: inside(grid.cursor),
    anchor: inside(grid.anchor),
    selected: new Set([...grid.selected].filter((task) => here.has(task))),
    ...now,
    past: steps(grid.past.map(left), now),
    future: steps(grid.future.map(left), now),
  };
}

/** Steps that led to or from what is now, without those in which nothing happens any more. */
const steps = (all: readonly Said[], now: Said): readonly Said[] =>
  all.filter((said, at) => !isSame(said, all[at + 1] ?? now));

function isSame(one: Said, other: Said): boolean {
  return (
    one.marks.size === other.marks.size &&
    one.flagged.size === other.flagged.size &&
    [...one.marks].every(([task, answer]) => other.marks.get(task) === answer) &&
    [...one.flagged].every((task) => other.flagged.has(task))
  );
}

/** What was kept of tasks, where nothing newer was said. */
export function restore(grid: Grid, { marks, flagged }: Said): Grid {
  const open = (task: number) => grid.page.includes(task) && !grid.marks.has(task) && !grid.flagged.has(task);
  return {
    ...grid,
    marks: new Map([...grid.marks, ...[...marks].filter(([task]) => open(task))]),
    flagged: new Set([...grid.flagged, ...[...flagged].filter(open)]),
  };
}

/** One step that can be undone. */
function step(grid: Grid, change: Partial<Said>): Grid {
  const { marks, flagged } = grid;
  return { ...grid, ...change, past: [...grid.past, { marks, flagged }].slice(-REMEMBER), future: [] };
}

const between = (page: readonly number[], a: number, b: number) =>
  new Set(page.slice(Math.min(a, b), Math.max(a, b) + 1));

/** The cursor by so many places; extending selects all between where it began and where it is. */
export function move(grid: Grid, by: number, extend: boolean): Grid {
  const cursor = grid.cursor + by;
  if (cursor < 0 || cursor >= grid.page.length) return grid;
  return goTo(grid, cursor, extend);
}

/** The cursor to a place. */
export function goTo(grid: Grid, cursor: number, extend: boolean): Grid {
  if (!extend) return { ...grid, cursor, anchor: cursor, selected: new Set() };
  return { ...grid, cursor, selected: between(grid.page, grid.anchor, cursor) };
}

/** Adds a place to what is selected, or takes it out. */
export function toggle(grid: Grid, at: number): Grid {
  const task = grid.page[at];
  if (task === undefined) return grid;
  const selected = new Set(grid.selected);
  if (!selected.delete(task)) selected.add(task);
  return { ...grid, cursor: at, anchor: at, selected };
}

export function select(grid: Grid, tasks: Iterable<number>): Grid {
  return { ...grid, selected: new Set(tasks) };
}

/** What a key applies to: the selection, or the place of the cursor where nothing is selected. */
export function targets(grid: Grid): readonly number[] {
  const here = grid.page[grid.cursor];
  return grid.selected.size > 0
    ? grid.page.filter((task) => grid.selected.has(task))
    : here === undefined
      ? []
      : [here];
}

/** Answers for tasks, as one step that can be undone. Null takes an answer back. */
export function mark(grid: Grid, answers: ReadonlyMap<number, Answer | null>): Grid {
  if (answers.size === 0) return grid;
  const marks = new Map(grid.marks);
  for (const [task, answer] of answers) {
    if (answer) marks.set(task, answer);
    else marks.delete(task);
  }
  const given = [...answers.values()].every((answer) => answer !== null);
  return { ...step(grid, { marks }), selected: new Set(), ...(given ? onward({ ...grid, marks }) : {}) };
}

/** One key a picture where nothing is selected: the cursor goes on to the next place without an answer. */
function onward(grid: Grid): Pick<Grid, 'cursor' | 'anchor'> {
  const { cursor, page, marks } = grid;
  const next = page.findIndex((task, at) => at > cursor && !marks.has(task));
  const to = grid.selected.size > 0 || next < 0 ? cursor : next;
  return { cursor: to, anchor: to };
}

export function undo(grid: Grid): Grid {
  const { marks, flagged } = grid;
  const before = grid.past.at(-1);
  if (!before) return grid;
  return { ...grid, ...before, past: grid.past.slice(0, -1), future: [...grid.future, { marks, flagged }] };
}

export function redo(grid: Grid): Grid {
  const { marks, flagged } = grid;
  const after = grid.future.at(-1);
  if (!after) return grid;
  return { ...grid, ...after, past: [...grid.past, { marks, flagged }], future: grid.future.slice(0, -1) };
}

/** Flags all of them, or takes the flag from all when every one has it. */
export function flag(grid: Grid, tasks: readonly number[]): Grid {
  const all = tasks.every((task) => grid.flagged.has(task));
  const flagged = new Set(grid.flagged);
  for (const task of tasks) {
    if (all) flagged.delete(task);
    else flagged.add(task);
  }
  return step(grid, { flagged });
}

const classesOf = (answer: Answer | undefined) => (answer?.kind === 'class' ? answer.classes : []);

/** The answers that a class makes of what was marked: one class replaces, of several it is added, or taken from all. */
export function withClass(
  grid: Grid,
  tasks: readonly number[],
  key: string,
  several: boolean,
  most: number | null,
): ReadonlyMap<number, Answer | null> {
  const all = tasks.every((task) => classesOf(grid.marks.get(task)).includes(key));
  return new Map(
    tasks.flatMap((task): [number, Answer | null][] => {
      if (!several) return [[task, { kind: 'class', classes: [key] }]];
      const before = classesOf(grid.marks.get(task));
      const classes = all ? before.filter((one) => one !== key) : [...new Set([...before, key])];
      if (most !== null && classes.length > most) return [];
      return [[task, classes.length > 0 ? { kind: 'class', classes } : null]];
    }),
  );
}
