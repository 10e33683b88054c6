import { decode, hasInk } from '../mask/rle';
import { shapeBounds, shapePoints } from '../model/bounds';
import { distance, encloses, grow, insideRings, nearestEdge, overlaps } from '../model/geometry';
import type { Bounds, Shape } from '../model/shapes';
import type { Point } from '../viewport';
import type { SpatialIndex } from './SpatialIndex';

/** Who may be hit: what is hidden cannot be seen, what is locked is only looked at. */
export type Filter = (shape: Shape) => boolean;

/**
 * Whether the shape is under the point: its inside, or its line within `tolerance` pixels of the picture. A mask is hit on
 * its ink alone; a hole is not inside.
 */
export function hits(shape: Shape, point: Point, tolerance: number): boolean {
  const b = grow(shapeBounds(shape), tolerance);
  if (point.x < b.minX || point.x > b.maxX || point.y < b.minY || point.y > b.maxY) return false;
  switch (shape.kind) {
    case 'box':
      return true;
    case 'rotated_box':
    case 'polygon': {
      const rings = shape.kind === 'polygon' ? shape.rings : [shapePoints(shape)];
      return insideRings(rings, point) || rings.some((ring) => nearLine(ring, true, point, tolerance));
    }
    case 'polyline':
      return nearLine(shape.points, false, point, tolerance);
    case 'point':
      return distance(shape, point) <= tolerance;
    case 'keypoints':
      // Between its points a skeleton is air: the box around it would cover what stands behind.
      return shapePoints(shape).some((at) => distance(at, point) <= tolerance);
    case 'mask':
      return hasInk(shape.mask, point.x, point.y);
  }
}

function nearLine(points: readonly Point[], closed: boolean, to: Point, tolerance: number): boolean {
  const edge = nearestEdge(points, closed, to);
  return edge !== null && edge.distance <= tolerance;
}

/** All shapes under the point, the topmost first. */
export function hitAll(index: SpatialIndex, point: Point, tolerance: number, filter: Filter): Shape[] {
  const area = { minX: point.x, minY: point.y, maxX: point.x, maxY: point.y };
  return index
    .search(grow(area, tolerance))
    .filter((shape) => filter(shape) && hits(shape, point, tolerance))
    .reverse();
}

/**
 * The shape one means by a click: the topmost, but a shape that lies wholly inside it is meant before the one around it,
 * so that a large box never buries what stands in it.
 */
export function hitTop(index: SpatialIndex, point: Point, tolerance: number, filter: Filter): Shape | null {
  let best: Shape | null = null;
  for (const shape of hitAll(index, point, tolerance, filter)) {
    if (!best || (encloses(shapeBounds(best), shapeBounds(shape)) && !sameBounds(best, shape))) best = shape;
  }
  return best;
}

function sameBounds(a: Shape, b: Shape): boolean {
  const [one, two] = [shapeBounds(a), shapeBounds(b)];
  return encloses(one, two) && encloses(two, one);
}

/**
 * What a rectangle drawn from left to right takes: shapes wholly inside; drawn from right to left (`touching`): whatever
 * reaches into it. The way CAD programs do it.
 */
export function inRectangle(index: SpatialIndex, area: Bounds, touching: boolean, filter: Filter): Shape[] {
  return index.search(area).filter((shape) => {
    if (!filter(shape)) return false;
    return encloses(area, shapeBounds(shape)) || (touching && reachesInto(shape, area));
  });
}

function reachesInto(shape: Shape, area: Bounds): boolean {
  if (!overlaps(shapeBounds(shape), area)) return false;
  if (shape.kind === 'box') return true;
  if (shape.kind === 'mask') {
    const [x, y] = [Math.floor(area.minX), Math.floor(area.minY)];
    return decode(shape.mask, x, y, Math.ceil(area.maxX) - x, Math.ceil(area.maxY) - y).data.includes(1);
  }
  const points = shapePoints(shape);
  const within = (p: Point) => p.x >= area.minX && p.x <= area.maxX && p.y >= area.minY && p.y <= area.maxY;
  if (points.some(within)) return true;
  if (shape.kind === 'point' || shape.kind === 'keypoints') return false;
  const closed = shape.kind !== 'polyline';
  const rings = shape.kind === 'polygon' ? shape.rings : [points];
  if (rings.some((ring) => entersArea(ring, closed, area))) return true;
  // No edge in it: it is wholly inside or wholly outside the shape.
  return closed && insideRings(rings, { x: area.minX, y: area.minY });
}

/** Whether any edge passes through the rectangle: Liang and Barsky's clipping. */
function entersArea(points: readonly Point[], closed: boolean, area: Bounds): boolean {
  const edges = closed ? points.length : points.length - 1;
  for (let i = 0; i < edges; i += 1) {
    const [a, b] = [points[i], points[(i + 1) % points.length]];
    if (a && b && clips(a, b, area)) return true;
  }
  return false;
}

function clips(a: Point, b: Point, area: Bounds): boolean {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  let [enter, leave] = [0, 1];
  const sides: readonly (readonly [number, number])[] = [
    [-dx, a.x - area.minX],
    [dx, area.maxX - a.x],
    [-dy, a.y - area.minY],
    [dy, area.maxY - a.y],
  ];
  for (const [step, room] of sides) {
    if (step === 0 && room < 0) return false;
    if (step < 0) enter = Math.max(enter, room / step);
    if (step > 0) leave = Math.min(leave, room / step);
  }
  return enter <= leave;
}
