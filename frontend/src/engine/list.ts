import { inkOf } from './mask/rle';
import { shapeBounds } from './model/bounds';
import type { ShapeDocument } from './model/document';
import { signedArea } from './model/geometry';
import type { Attributes, Shape } from './model/shapes';
import type { Size } from './viewport';

/**
 * The shapes as text, for a screen reader and for whoever prefers a list: the real view of those who cannot see the canvas.
 * Everything is a code or a number; the page has the words.
 */

export type Region =
  | 'top_left'
  | 'top'
  | 'top_right'
  | 'left'
  | 'middle'
  | 'right'
  | 'bottom_left'
  | 'bottom'
  | 'bottom_right';

export interface ShapeLine {
  readonly id: string;
  /** From 1, the topmost first, as the list shows them. */
  readonly number: number;
  readonly of: number;
  readonly kind: Shape['kind'];
  readonly classKey: string;
  readonly attributes: Attributes;
  /** In which ninth of the picture its middle lies. */
  readonly region: Region;
  /** Whole pixels. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Of the picture, 0 to 1; null for what covers nothing. */
  readonly share: number | null;
  /** Vertices, or key points that are there; null where it says nothing. */
  readonly points: number | null;
  readonly holes: number;
  readonly hidden: boolean;
  readonly locked: boolean;
  readonly chosen: boolean;
}

const REGIONS: readonly (readonly Region[])[] = [
  ['top_left', 'top', 'top_right'],
  ['left', 'middle', 'right'],
  ['bottom_left', 'bottom', 'bottom_right'],
];

export function shapeLines(document: ShapeDocument, selection: ReadonlySet<string>): ShapeLine[] {
  const of = document.shapes.length;
  return document.shapes.map((shape, at) => lineOf(shape, document, of - at, of, selection)).reverse();
}

function lineOf(
  shape: Shape,
  size: Size,
  number: number,
  of: number,
  selection: ReadonlySet<string>,
): ShapeLine {
  const b = shapeBounds(shape);
  const area = areaOf(shape);
  return {
    id: shape.id,
    number,
    of,
    kind: shape.kind,
    classKey: shape.classKey,
    attributes: shape.attributes,
    region: regionOf((b.minX + b.maxX) / 2 / size.width, (b.minY + b.maxY) / 2 / size.height),
    left: Math.round(b.minX),
    top: Math.round(b.minY),
    width: Math.round(b.maxX - b.minX),
    height: Math.round(b.maxY - b.minY),
    share: area === null ? null : area / (size.width * size.height),
    points: pointsOf(shape),
    holes: shape.kind === 'polygon' ? shape.rings.length - 1 : 0,
    hidden: shape.hidden,
    locked: shape.locked,
    chosen: selection.has(shape.id),
  };
}

export function regionOf(x: number, y: number): Region {
  const third = (share: number) => Math.min(2, Math.max(0, Math.floor(share * 3)));
  return REGIONS[third(y)]?.[third(x)] ?? 'middle';
}

/** Square pixels that the shape covers, holes taken off; null for lines and points. */
export function areaOf(shape: Shape): number | null {
  switch (shape.kind) {
    case 'box':
    case 'rotated_box':
      return shape.width * shape.height;
    case 'polygon': {
      const [outline = 0, ...holes] = shape.rings.map((ring) => Math.abs(signedArea(ring)));
      return holes.reduce((left, hole) => left - hole, outline);
    }
    case 'mask':
      return inkOf(shape.mask);
    default:
      return null;
  }
}

function pointsOf(shape: Shape): number | null {
  if (shape.kind === 'polygon') return shape.rings.reduce((sum, ring) => sum + ring.length, 0);
  if (shape.kind === 'polyline') return shape.points.length;
  if (shape.kind === 'keypoints') return shape.points.filter((point) => point.visibility > 0).length;
  return null;
}
