import type { Point } from '../viewport';
import { segmentsMeet } from './geometry';
import type { Ring } from './shapes';

/** Where lines cross that must not: a sweep over the edges from left to right, so that only edges side by side are compared. */

interface Edge {
  readonly ring: number;
  readonly index: number;
  readonly length: number;
  readonly a: Point;
  readonly b: Point;
  readonly minX: number;
  readonly maxX: number;
  readonly minY: number;
  readonly maxY: number;
}

export interface Crossing {
  readonly ring: number;
  readonly index: number;
  readonly otherRing: number;
  readonly otherIndex: number;
}

function edgesOf(rings: readonly Ring[]): Edge[] {
  return rings.flatMap((points, ring) =>
    points.flatMap((a, index) => {
      const b = points[(index + 1) % points.length];
      if (!b) return [];
      return {
        ring,
        index,
        length: points.length,
        a,
        b,
        minX: Math.min(a.x, b.x),
        maxX: Math.max(a.x, b.x),
        minY: Math.min(a.y, b.y),
        maxY: Math.max(a.y, b.y),
      };
    }),
  );
}

/** Neighbours share an end; they only clash when the second runs back over the first. */
function foldsBack(first: Edge, second: Edge): boolean {
  const [p, q, r] = [first.a, first.b, second.b];
  const cross = (q.x - p.x) * (r.y - q.y) - (q.y - p.y) * (r.x - q.x);
  const along = (q.x - p.x) * (r.x - q.x) + (q.y - p.y) * (r.y - q.y);
  return cross === 0 && along < 0;
}

function clash(one: Edge, two: Edge): boolean {
  if (one.minY > two.maxY || two.minY > one.maxY) return false;
  if (one.ring !== two.ring) return segmentsMeet(one.a, one.b, two.a, two.b);
  if ((one.index + 1) % one.length === two.index) return foldsBack(one, two);
  if ((two.index + 1) % two.length === one.index) return foldsBack(two, one);
  return segmentsMeet(one.a, one.b, two.a, two.b);
}

/** The first place where the rings touch or cross themselves or each other, or null. */
export function findCrossing(rings: readonly Ring[]): Crossing | null {
  const edges = edgesOf(rings).sort((one, two) => one.minX - two.minX);
  let active: Edge[] = [];
  for (const edge of edges) {
    active = active.filter((other) => other.maxX >= edge.minX);
    for (const other of active) {
      if (!clash(other, edge)) continue;
      const [low, high] =
        other.ring < edge.ring || (other.ring === edge.ring && other.index < edge.index)
          ? [other, edge]
          : [edge, other];
      return { ring: low.ring, index: low.index, otherRing: high.ring, otherIndex: high.index };
    }
    active.push(edge);
  }
  return null;
}
