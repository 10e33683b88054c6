import { difference, type Geom, intersection, union } from 'polyclip-ts';
import type { Point } from '../viewport';
import { shapePoints } from './bounds';
import { distance, signedArea } from './geometry';
import { hundredths } from './json';
import type { Bounds, Ring, Shape } from './shapes';
import { SMALLEST } from './validate';

/** Booleans of polygons. Loaded when first needed (`loadBooleans`), for few strokes of a day need them. */

/** A polygon without anything said about it: outline, then holes. */
export type Rings = readonly Ring[];

/** The shapes that cover an area bounded by straight lines; null for the others. */
export function areaOf(shape: Shape): Rings | null {
  if (shape.kind === 'polygon') return shape.rings;
  return shape.kind === 'box' || shape.kind === 'rotated_box' ? [shapePoints(shape)] : null;
}

const toGeom = (rings: Rings): Geom => rings.map((ring) => ring.map(({ x, y }): [number, number] => [x, y]));

/** In hundredths of a pixel, without the closing point, without points on one spot and without slivers. */
function fromGeom(parts: readonly (readonly (readonly (readonly [number, number])[])[])[]): Rings[] {
  return parts.flatMap((part) => {
    const rings = part.map((ring) => tidy(ring.map(([x, y]) => ({ x: hundredths(x), y: hundredths(y) }))));
    const [outline, ...holes] = rings;
    if (!outline || !isArea(outline)) return [];
    return [[outline, ...holes.filter(isArea)]];
  });
}

const isArea = (ring: Ring): boolean => ring.length >= 3 && Math.abs(signedArea(ring)) >= SMALLEST * SMALLEST;

function tidy(ring: Ring): Ring {
  return ring.filter((point, at) => {
    const next = ring[(at + 1) % ring.length];
    return !next || distance(point, next) > 0;
  });
}

export const joined = (first: Rings, ...others: Rings[]): Rings[] =>
  fromGeom(union(toGeom(first), ...others.map(toGeom)));

export const without = (from: Rings, ...others: Rings[]): Rings[] =>
  fromGeom(difference(toGeom(from), ...others.map(toGeom)));

export const common = (first: Rings, second: Rings): Rings[] =>
  fromGeom(intersection(toGeom(first), toGeom(second)));

/** The parts on each side of the straight line through a and b, without end. */
export function halves(rings: Rings, a: Point, b: Point, around: Bounds): { left: Rings[]; right: Rings[] } {
  const far = 4 * Math.hypot(around.maxX - around.minX, around.maxY - around.minY) + distance(a, b) + 1;
  const [ux, uy] = [(b.x - a.x) / distance(a, b), (b.y - a.y) / distance(a, b)];
  // From the middle of what is cut, so that the half planes cover it wherever the line was drawn.
  const along = ((around.minX + around.maxX) / 2 - a.x) * ux + ((around.minY + around.maxY) / 2 - a.y) * uy;
  const at = { x: a.x + ux * along, y: a.y + uy * along };
  const start = { x: at.x - ux * far, y: at.y - uy * far };
  const end = { x: at.x + ux * far, y: at.y + uy * far };
  const side = (sign: number): Rings => [
    [
      start,
      end,
      { x: end.x - uy * far * sign, y: end.y + ux * far * sign },
      { x: start.x - uy * far * sign, y: start.y + ux * far * sign },
    ],
  ];
  return { left: common(rings, side(-1)), right: common(rings, side(1)) };
}
