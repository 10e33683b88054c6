import type { Skeleton } from './types';

/** A skeleton while it is being drawn: its points, where each stands in a new shape's box, and which are joined. */

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where each point stands, in shares of the box; in a row where nobody has said, as the server would have it. */
export function layoutOf({ names, layout }: Skeleton): Place[] {
  return names.map((_, at) => layout?.[at] ?? { x: (at + 0.5) / names.length, y: 0.5 });
}

/** Twice the golden angle's turn: however many points there are, a new one lies on no other. */
const TURN = 2.399963;

export function addPoint(skeleton: Skeleton, stem: string): Skeleton {
  const used = new Set(skeleton.names);
  let n = skeleton.names.length + 1;
  while (used.has(`${stem} ${n}`)) n += 1;
  const at = skeleton.names.length;
  const far = 0.08 * Math.sqrt(at);
  const place = { x: share(0.5 + far * Math.cos(at * TURN)), y: share(0.5 + far * Math.sin(at * TURN)) };
  return {
    ...skeleton,
    names: [...skeleton.names, `${stem} ${n}`],
    layout: [...(at === 0 ? [] : layoutOf(skeleton)), place],
  };
}

export const renamePoint = (skeleton: Skeleton, at: number, name: string): Skeleton => ({
  ...skeleton,
  names: skeleton.names.map((old, index) => (index === at ? name : old)),
});

/** The point goes with its edges; those after it move up. */
export function removePoint(skeleton: Skeleton, at: number): Skeleton {
  const others = <T>(list: readonly T[]) => list.filter((_, index) => index !== at);
  const moved = (point: number) => (point > at ? point - 1 : point);
  return {
    ...skeleton,
    names: others(skeleton.names),
    layout: others(layoutOf(skeleton)),
    edges: skeleton.edges
      .filter((edge) => !edge.includes(at))
      .map(([a, b]): [number, number] => [moved(a), moved(b)]),
  };
}

const share = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;

export function placePoint(skeleton: Skeleton, at: number, { x, y }: Place): Skeleton {
  const layout = layoutOf(skeleton).map((old, index) => (index === at ? { x: share(x), y: share(y) } : old));
  return { ...skeleton, layout };
}

/** Joins two points, or takes their edge away. */
export function toggleEdge(skeleton: Skeleton, a: number, b: number): Skeleton {
  if (a === b) return skeleton;
  const isIt = ([one, other]: [number, number]) => (one === a && other === b) || (one === b && other === a);
  const edges = skeleton.edges.some(isIt)
    ? skeleton.edges.filter((edge) => !isIt(edge))
    : [...skeleton.edges, [a, b] as [number, number]];
  return { ...skeleton, edges };
}

/** What is wrong with the names of points: an empty one, or one that another has. */
export function nameFault(names: readonly string[], at: number): 'empty' | 'twice' | null {
  const name = names[at]?.trim() ?? '';
  if (name === '') return 'empty';
  return names.some((other, index) => index !== at && other.trim() === name) ? 'twice' : null;
}
