import type { Point } from '../viewport';
import { boundsOf, cornersOf, EMPTY_BOUNDS } from './geometry';
import type { Bounds, RunLengths, Shape } from './shapes';

const known = new WeakMap<Shape, Bounds>();

/** The smallest axis-parallel box around the shape; around nothing (an empty mask) it is infinite the wrong way round. */
export function shapeBounds(shape: Shape): Bounds {
  const found = known.get(shape);
  if (found) return found;
  const bounds = measure(shape);
  known.set(shape, bounds);
  return bounds;
}

/** The points one could take hold of; a mask has none. Points of a skeleton that are not there are left out. */
export function shapePoints(shape: Shape): readonly Point[] {
  switch (shape.kind) {
    case 'box': {
      const { x, y, width, height } = shape;
      return cornersOf(x + width / 2, y + height / 2, width, height, 0);
    }
    case 'rotated_box':
      return cornersOf(shape.cx, shape.cy, shape.width, shape.height, shape.angle);
    case 'polygon':
      return shape.rings.length === 1 ? (shape.rings[0] ?? []) : shape.rings.flat();
    case 'polyline':
      return shape.points;
    case 'point':
      return [shape];
    case 'keypoints':
      return shape.points.filter((point) => point.visibility > 0);
    case 'mask':
      return [];
  }
}

function measure(shape: Shape): Bounds {
  if (shape.kind === 'box')
    return { minX: shape.x, minY: shape.y, maxX: shape.x + shape.width, maxY: shape.y + shape.height };
  if (shape.kind === 'mask') return maskBounds(shape.mask);
  return boundsOf(shapePoints(shape));
}

/** In pixel edges, so a single pixel at (3, 4) has the bounds 3..4 and 4..5. */
export function maskBounds({ height, counts }: RunLengths): Bounds {
  let { minX, minY, maxX, maxY } = EMPTY_BOUNDS;
  let at = 0;
  let ink = false;
  for (const count of counts) {
    if (ink && count > 0) {
      const first = Math.floor(at / height);
      const last = Math.floor((at + count - 1) / height);
      minX = Math.min(minX, first);
      maxX = Math.max(maxX, last + 1);
      // A run over the edge of a column touches the bottom of one and the top of the next.
      minY = Math.min(minY, first === last ? at % height : 0);
      maxY = Math.max(maxY, first === last ? ((at + count - 1) % height) + 1 : height);
    }
    at += count;
    ink = !ink;
  }
  return { minX, minY, maxX, maxY };
}
