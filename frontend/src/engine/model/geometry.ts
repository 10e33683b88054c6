import type { Point } from '../viewport';
import type { Bounds, Ring } from './shapes';

/** Plane geometry, without a thought of shapes. y grows downwards; angles are degrees, clockwise as one sees them. */

export const EMPTY_BOUNDS: Bounds = {
  minX: Number.POSITIVE_INFINITY,
  minY: Number.POSITIVE_INFINITY,
  maxX: Number.NEGATIVE_INFINITY,
  maxY: Number.NEGATIVE_INFINITY,
};

export function boundsOf(points: readonly Point[]): Bounds {
  let { minX, minY, maxX, maxY } = EMPTY_BOUNDS;
  for (const { x, y } of points) {
    if (x < minX) minX = x;
    if (y < minY) minY = y;
    if (x > maxX) maxX = x;
    if (y > maxY) maxY = y;
  }
  return { minX, minY, maxX, maxY };
}

export function unite(a: Bounds, b: Bounds): Bounds {
  return {
    minX: Math.min(a.minX, b.minX),
    minY: Math.min(a.minY, b.minY),
    maxX: Math.max(a.maxX, b.maxX),
    maxY: Math.max(a.maxY, b.maxY),
  };
}

export function grow(bounds: Bounds, by: number): Bounds {
  return {
    minX: bounds.minX - by,
    minY: bounds.minY - by,
    maxX: bounds.maxX + by,
    maxY: bounds.maxY + by,
  };
}

export const overlaps = (a: Bounds, b: Bounds): boolean =>
  a.minX <= b.maxX && b.minX <= a.maxX && a.minY <= b.maxY && b.minY <= a.maxY;

export const encloses = (outer: Bounds, inner: Bounds): boolean =>
  inner.minX >= outer.minX &&
  inner.maxX <= outer.maxX &&
  inner.minY >= outer.minY &&
  inner.maxY <= outer.maxY;

export const boundsBetween = (a: Point, b: Point): Bounds => boundsOf([a, b]);

export const centreOf = (b: Bounds): Point => ({ x: (b.minX + b.maxX) / 2, y: (b.minY + b.maxY) / 2 });

export const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

export const shift = (p: Point, dx: number, dy: number): Point => ({ x: p.x + dx, y: p.y + dy });

export function rotate(point: Point, about: Point, degrees: number): Point {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [dx, dy] = [point.x - about.x, point.y - about.y];
  return { x: about.x + dx * cos - dy * sin, y: about.y + dx * sin + dy * cos };
}

/** The same angle in (-180, 180]. */
export function normalAngle(degrees: number): number {
  const turned = degrees % 360;
  return turned <= -180 ? turned + 360 : turned > 180 ? turned - 360 : turned;
}

/** The corners in the order top left, top right, bottom right, bottom left of the box before it was turned. */
export function cornersOf(cx: number, cy: number, width: number, height: number, angle: number): Point[] {
  const [w, h] = [width / 2, height / 2];
  const corners: readonly (readonly [number, number])[] = [
    [-w, -h],
    [w, -h],
    [w, h],
    [-w, h],
  ];
  return corners.map(([dx, dy]) => rotate({ x: cx + dx, y: cy + dy }, { x: cx, y: cy }, angle));
}

/** Positive when the ring runs clockwise as one sees it. */
export function signedArea(ring: Ring): number {
  let twice = 0;
  let before = ring[ring.length - 1];
  for (const point of ring) {
    if (before) twice += before.x * point.y - point.x * before.y;
    before = point;
  }
  return twice / 2;
}

/** Even-odd over all rings, so a point in a hole is outside. */
export function insideRings(rings: readonly Ring[], { x, y }: Point): boolean {
  let inside = false;
  for (const ring of rings) {
    let a = ring[ring.length - 1];
    for (const b of ring) {
      if (a && a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
      a = b;
    }
  }
  return inside;
}

/** The place on the segment nearest to the point, as a share of the way from a to b. */
export function nearestShare(point: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const square = dx * dx + dy * dy;
  if (square === 0) return 0;
  return Math.min(1, Math.max(0, ((point.x - a.x) * dx + (point.y - a.y) * dy) / square));
}

export const between = (a: Point, b: Point, share: number): Point => ({
  x: a.x + (b.x - a.x) * share,
  y: a.y + (b.y - a.y) * share,
});

export function segmentDistance(point: Point, a: Point, b: Point): number {
  return distance(point, between(a, b, nearestShare(point, a, b)));
}

export interface NearestEdge {
  /** The edge runs from this place to the next. */
  readonly index: number;
  readonly point: Point;
  readonly distance: number;
}

export function nearestEdge(points: readonly Point[], closed: boolean, to: Point): NearestEdge | null {
  let best: NearestEdge | null = null;
  const edges = closed ? points.length : points.length - 1;
  for (let index = 0; index < edges; index += 1) {
    const a = points[index];
    const b = points[(index + 1) % points.length];
    if (!a || !b) continue;
    const point = between(a, b, nearestShare(to, a, b));
    const away = distance(to, point);
    if (!best || away < best.distance) best = { index, point, distance: away };
  }
  return best;
}

const turn = (a: Point, b: Point, c: Point): number => (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);

const onSegment = (a: Point, b: Point, p: Point): boolean =>
  p.x >= Math.min(a.x, b.x) &&
  p.x <= Math.max(a.x, b.x) &&
  p.y >= Math.min(a.y, b.y) &&
  p.y <= Math.max(a.y, b.y);

/** Whether two segments have a point in common, ends included. */
export function segmentsMeet(a: Point, b: Point, c: Point, d: Point): boolean {
  const abc = Math.sign(turn(a, b, c));
  const abd = Math.sign(turn(a, b, d));
  const cda = Math.sign(turn(c, d, a));
  const cdb = Math.sign(turn(c, d, b));
  if (abc !== abd && cda !== cdb) return true;
  return (
    (abc === 0 && onSegment(a, b, c)) ||
    (abd === 0 && onSegment(a, b, d)) ||
    (cda === 0 && onSegment(c, d, a)) ||
    (cdb === 0 && onSegment(c, d, b))
  );
}

/** Douglas-Peucker: the fewest of the points such that none left out is further from the line than the tolerance. */
export function simplifyLine(points: readonly Point[], tolerance: number): Point[] {
  if (points.length <= 2) return [...points];
  const keep = new Uint8Array(points.length);
  keep[0] = 1;
  keep[points.length - 1] = 1;
  const todo: [number, number][] = [[0, points.length - 1]];
  for (let span = todo.pop(); span; span = todo.pop()) {
    const [from, to] = span;
    const [a, b] = [points[from], points[to]];
    let worst = tolerance;
    let at = -1;
    for (let i = from + 1; i < to; i += 1) {
      const p = points[i];
      if (!a || !b || !p) continue;
      const away = segmentDistance(p, a, b);
      if (away > worst) [worst, at] = [away, i];
    }
    if (at < 0) continue;
    keep[at] = 1;
    todo.push([from, at], [at, to]);
  }
  return points.filter((_, i) => keep[i] === 1);
}

/** The same for a closed line: cut at the two points that lie furthest from each other along it. */
export function simplifyRing(ring: Ring, tolerance: number): Point[] {
  const first = ring[0];
  if (!first || ring.length <= 4) return [...ring];
  let far = 0;
  for (let i = 1; i < ring.length; i += 1) {
    const [p, q] = [ring[i], ring[far]];
    if (p && q && distance(first, p) > distance(first, q)) far = i;
  }
  const there = simplifyLine(ring.slice(0, far + 1), tolerance);
  const back = simplifyLine([...ring.slice(far), first], tolerance);
  return [...there.slice(0, -1), ...back.slice(0, -1)];
}
