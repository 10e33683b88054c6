import { shapePoints } from '../model/bounds';
import type { Shape } from '../model/shapes';
import type { Point } from '../viewport';

/**
 * The outline of a shape as a `Path2D` in pixels of the picture, made once for a range of scales and kept as long as the
 * shape. Points that would fall on less than a pixel of the screen are left out of it: level of detail.
 */

/** On the screen, in pixels: nearer points become one. */
const NEAR = 0.9;

interface Kept {
  readonly level: number;
  readonly path: Path2D;
  readonly vertices: number;
}

const kept = new WeakMap<Shape, Kept>();

/** Scales of one octave share a path. */
export const levelOf = (scale: number): number => Math.min(3, Math.floor(Math.log2(scale)));

export function pathOf(shape: Shape, scale: number): Kept {
  const level = levelOf(scale);
  const found = kept.get(shape);
  if (found && found.level === level) return found;
  const made = { level, ...build(shape, level >= 3 ? 0 : NEAR / 2 ** (level + 1)) };
  kept.set(shape, made);
  return made;
}

function build(shape: Shape, near: number): { path: Path2D; vertices: number } {
  const path = new Path2D();
  switch (shape.kind) {
    case 'box':
      path.rect(shape.x, shape.y, shape.width, shape.height);
      return { path, vertices: 4 };
    case 'polygon': {
      let vertices = 0;
      for (const ring of shape.rings) vertices += trace(path, thin(ring, near), true);
      return { path, vertices };
    }
    case 'polyline':
      return { path, vertices: trace(path, thin(shape.points, near), false) };
    default:
      return { path, vertices: trace(path, shapePoints(shape), true) };
  }
}

function trace(path: Path2D, points: readonly Point[], closed: boolean): number {
  points.forEach((point, at) => {
    if (at === 0) path.moveTo(point.x, point.y);
    else path.lineTo(point.x, point.y);
  });
  if (closed) path.closePath();
  return points.length;
}

/** Leaves out points nearer than `near` to the last that was kept; always keeps three and the last. */
export function thin(points: readonly Point[], near: number): readonly Point[] {
  if (near <= 0 || points.length <= 4) return points;
  const square = near * near;
  const left: Point[] = [];
  let last: Point | null = null;
  for (const point of points) {
    if (last && (point.x - last.x) ** 2 + (point.y - last.y) ** 2 < square) continue;
    left.push(point);
    last = point;
  }
  const end = points[points.length - 1];
  if (end && last !== end) left.push(end);
  return left.length >= 3 ? left : points;
}
