import type { Point, Size } from '../viewport';
import { shapePoints } from './bounds';
import { findCrossing } from './crossing';
import type { ShapeDocument } from './document';
import { insideRings, signedArea } from './geometry';
import type { KeyPointsShape, MaskShape, PolygonShape, Shape, SkeletonTemplate } from './shapes';

/** What can be wrong. The page has a sentence for each. */
export type FaultCode =
  | 'not_a_number'
  | 'outside_image'
  | 'too_small'
  | 'too_few_points'
  | 'self_crossing'
  | 'rings_crossing'
  | 'hole_outside'
  | 'mask_size'
  | 'mask_counts'
  | 'mask_empty'
  | 'key_point_count'
  | 'key_points_absent'
  | 'unknown_template'
  | 'unknown_class'
  | 'no_class'
  | 'duplicate_id';

export interface Fault {
  readonly code: FaultCode;
  readonly shapeId: string;
  /** Place of the shape in the document, from 0; -1 when it was looked at alone. */
  readonly index: number;
  readonly ring?: number;
  readonly vertex?: number;
  /** Where to look, in pixels of the picture. */
  readonly at?: Point;
}

export interface Rules {
  /** Keys one may use now; left out, any key will do. */
  readonly classes?: ReadonlySet<string>;
  readonly templates?: ReadonlyMap<string, SkeletonTemplate>;
}

type Found = Omit<Fault, 'shapeId' | 'index'>;

/** Less than this wide or high, or (squared) large, is a slip of the hand. */
export const SMALLEST = 0.5;
/** Rounding to hundredths may carry a point this far over the edge. */
const EDGE = 0.005 + 1e-9;

/** Every fault of every shape. Nothing found means the server will take it. */
export function validate(document: ShapeDocument, rules: Rules = {}): Fault[] {
  const seen = new Set<string>();
  return document.shapes.flatMap((shape, index) => {
    const faults = validateShape(shape, document, rules).map((fault) => ({ ...fault, index }));
    if (seen.has(shape.id)) faults.push({ code: 'duplicate_id', shapeId: shape.id, index });
    seen.add(shape.id);
    return faults;
  });
}

export function validateShape(shape: Shape, size: Size, rules: Rules = {}): Fault[] {
  const found: Found[] = [...geometryFaults(shape, size, rules)];
  if (shape.classKey === '') found.push({ code: 'no_class' });
  else if (rules.classes && !rules.classes.has(shape.classKey)) found.push({ code: 'unknown_class' });
  return found.map((fault) => ({ ...fault, shapeId: shape.id, index: -1 }));
}

function geometryFaults(shape: Shape, size: Size, rules: Rules): Found[] {
  if (shape.kind === 'mask') return maskFaults(shape, size);
  const place = placeFaults(shapePoints(shape), size);
  if (place.some((fault) => fault.code === 'not_a_number')) return place;
  return [...place, ...formFaults(shape, rules)];
}

function formFaults(shape: Exclude<Shape, MaskShape>, rules: Rules): Found[] {
  switch (shape.kind) {
    case 'box':
    case 'rotated_box':
      return shape.width < SMALLEST || shape.height < SMALLEST ? [{ code: 'too_small' }] : [];
    case 'polygon':
      return polygonFaults(shape);
    case 'polyline':
      return shape.points.length < 2 ? [{ code: 'too_few_points' }] : [];
    case 'point':
      return [];
    case 'keypoints':
      return keyPointFaults(shape, rules);
  }
}

function placeFaults(points: readonly Point[], { width, height }: Size): Found[] {
  for (const [vertex, at] of points.entries()) {
    if (!Number.isFinite(at.x) || !Number.isFinite(at.y)) return [{ code: 'not_a_number', vertex }];
    if (at.x < -EDGE || at.y < -EDGE || at.x > width + EDGE || at.y > height + EDGE)
      return [{ code: 'outside_image', vertex, at }];
  }
  return [];
}

function polygonFaults({ rings }: PolygonShape): Found[] {
  const outline = rings[0];
  if (!outline) return [{ code: 'too_few_points' }];
  const thin = rings.findIndex((ring) => ring.length < 3);
  if (thin >= 0) return [{ code: 'too_few_points', ring: thin }];
  const crossing = findCrossing(rings);
  if (crossing) {
    const { ring, index: vertex, otherRing } = crossing;
    const at = rings[ring]?.[vertex];
    return [{ code: ring === otherRing ? 'self_crossing' : 'rings_crossing', ring, vertex, at }];
  }
  const small = rings.findIndex((ring) => Math.abs(signedArea(ring)) < SMALLEST * SMALLEST);
  if (small >= 0) return [{ code: 'too_small', ring: small, at: rings[small]?.[0] }];
  // Rings that do not cross lie wholly inside or outside each other, so one point tells.
  for (const [ring, hole] of rings.entries()) {
    const at = hole[0];
    if (ring === 0 || !at) continue;
    const inAnother = rings.some((other, n) => n > 0 && n !== ring && insideRings([other], at));
    if (!insideRings([outline], at) || inAnother) return [{ code: 'hole_outside', ring, at }];
  }
  return [];
}

function keyPointFaults(shape: KeyPointsShape, { templates }: Rules): Found[] {
  const template = templates?.get(shape.template);
  if (templates && !template) return [{ code: 'unknown_template' }];
  if (template && template.names.length !== shape.points.length) return [{ code: 'key_point_count' }];
  return shape.points.some((point) => point.visibility > 0) ? [] : [{ code: 'key_points_absent' }];
}

function maskFaults({ mask }: MaskShape, size: Size): Found[] {
  if (mask.width !== size.width || mask.height !== size.height) return [{ code: 'mask_size' }];
  let total = 0;
  let ink = 0;
  for (const [at, count] of mask.counts.entries()) {
    if (!Number.isSafeInteger(count) || count < 0) return [{ code: 'mask_counts' }];
    total += count;
    if (at % 2 === 1) ink += count;
  }
  if (total !== mask.width * mask.height) return [{ code: 'mask_counts' }];
  return ink === 0 ? [{ code: 'mask_empty' }] : [];
}
