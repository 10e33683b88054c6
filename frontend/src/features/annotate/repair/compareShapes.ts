import type { ShapeJson } from '@/engine/model/json';
import type { Answer } from '../types';

/** What two drawings of one picture have in common, and what they have not: for whoever has to choose between them. */

export interface Pair {
  readonly here: ShapeJson;
  readonly there: ShapeJson;
}

export interface Compared {
  /** Only in the drawing here. */
  readonly added: readonly ShapeJson[];
  /** Only in the one there. */
  readonly removed: readonly ShapeJson[];
  /** Moved or reshaped. */
  readonly moved: readonly Pair[];
  /** Of another class. */
  readonly renamed: readonly Pair[];
  /** With other attributes. */
  readonly detailed: readonly Pair[];
  /** How many are the same in all of this. */
  readonly same: number;
  /** Those that are in both lie over each other in another order. */
  readonly restacked: boolean;
}

const geometry = ({ type, box, rings, points, template, rle }: ShapeJson): string =>
  JSON.stringify([type, box, rings, points, template, rle]);
const details = ({ attributes = {} }: ShapeJson): string =>
  JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Shapes of an answer, also of one to several questions. */
export function shapesIn(answer: Answer): readonly ShapeJson[] {
  if (answer.kind === 'shapes') return answer.shapes;
  if (answer.kind !== 'answers') return [];
  return Object.values(answer.answers).flatMap((one) => shapesIn(one));
}

/** A shape keeps its id through every change; what was drawn twice, in two browsers, is the same where it looks the same. */
function paired(here: readonly ShapeJson[], there: readonly ShapeJson[]): readonly Pair[] {
  const ids = new Map(there.map((shape) => [shape.id, shape]));
  const known = new Set(here.map(({ id }) => id));
  const free = new Map<string, ShapeJson[]>();
  const looks = (shape: ShapeJson) => `${shape.class} ${geometry(shape)}`;
  for (const shape of there)
    if (!known.has(shape.id)) free.set(looks(shape), [...(free.get(looks(shape)) ?? []), shape]);
  return here.flatMap((shape) => {
    const other = ids.get(shape.id) ?? free.get(looks(shape))?.shift();
    return other ? [{ here: shape, there: other }] : [];
  });
}

/** `here` and `there` in the order in which they lie over each other. */
export function compareShapes(here: readonly ShapeJson[], there: readonly ShapeJson[]): Compared {
  const pairs = paired(here, there);
  const mine = new Set(pairs.map((pair) => pair.here));
  const theirs = new Set(pairs.map((pair) => pair.there));
  const moved = pairs.filter((pair) => geometry(pair.here) !== geometry(pair.there));
  const renamed = pairs.filter((pair) => pair.here.class !== pair.there.class);
  const detailed = pairs.filter((pair) => details(pair.here) !== details(pair.there));
  const places = new Map(there.map((shape, at) => [shape, at]));
  const order = pairs.map((pair) => places.get(pair.there) ?? 0);
  return {
    added: here.filter((shape) => !mine.has(shape)),
    removed: there.filter((shape) => !theirs.has(shape)),
    moved,
    renamed,
    detailed,
    same: pairs.length - new Set([...moved, ...renamed, ...detailed]).size,
    restacked: order.some((place, at) => place < (order[at - 1] ?? 0)),
  };
}
