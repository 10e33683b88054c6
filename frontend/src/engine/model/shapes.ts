import type { Point } from '../viewport';

/**
 * What may be drawn on a picture. Coordinates are pixels of the EXIF-oriented picture, origin at the top left corner of the
 * top left pixel, so a picture of 100 x 50 spans 0..100 and 0..50. Shapes are never changed, only replaced: everything that
 * is derived from one (bounds, paths) may be kept by identity.
 */

export type AttributeValue = string | number | boolean | readonly string[];
export type Attributes = Readonly<Record<string, AttributeValue>>;

interface Common {
  /** Unique within the document, kept for life: comments and reviews point at it. */
  readonly id: string;
  /** Key of the class in the label schema; empty while nobody has chosen one. */
  readonly classKey: string;
  readonly attributes: Attributes;
  readonly hidden: boolean;
  readonly locked: boolean;
}

/** Axis-parallel. */
export interface BoxShape extends Common {
  readonly kind: 'box';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** `angle` in degrees, clockwise as one sees it, in (-180, 180]; the centre does not move with it. */
export interface RotatedBoxShape extends Common {
  readonly kind: 'rotated_box';
  readonly cx: number;
  readonly cy: number;
  readonly width: number;
  readonly height: number;
  readonly angle: number;
}

/** A closed line without its first point repeated. */
export type Ring = readonly Point[];

/** The first ring is the outline, the others are holes in it. */
export interface PolygonShape extends Common {
  readonly kind: 'polygon';
  readonly rings: readonly Ring[];
}

export interface PolylineShape extends Common {
  readonly kind: 'polyline';
  readonly points: readonly Point[];
}

export interface PointShape extends Common {
  readonly kind: 'point';
  readonly x: number;
  readonly y: number;
}

/** As in COCO: 0 is not there (its place means nothing), 1 is hidden behind something, 2 is seen. */
export type Visibility = 0 | 1 | 2;

export interface KeyPoint extends Point {
  readonly visibility: Visibility;
}

export interface KeyPointsShape extends Common {
  readonly kind: 'keypoints';
  /** Key of the skeleton template; the points stand in its order. */
  readonly template: string;
  readonly points: readonly KeyPoint[];
}

/** Run lengths column by column, beginning with the run of zeros, as COCO has them. They add up to width x height. */
export interface RunLengths {
  readonly width: number;
  readonly height: number;
  readonly counts: readonly number[];
}

/** Pixels of the whole picture. */
export interface MaskShape extends Common {
  readonly kind: 'mask';
  readonly mask: RunLengths;
}

export type Shape =
  | BoxShape
  | RotatedBoxShape
  | PolygonShape
  | PolylineShape
  | PointShape
  | KeyPointsShape
  | MaskShape;
export type ShapeKind = Shape['kind'];
export type Geometry = {
  [K in ShapeKind]: Omit<Extract<Shape, { kind: K }>, keyof Common>;
}[ShapeKind];

export interface Bounds {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/** The named points of a thing and which of them are joined. */
export interface SkeletonTemplate {
  readonly key: string;
  readonly names: readonly string[];
  /** Pairs of places in `names`. */
  readonly edges: readonly (readonly [number, number])[];
  /** Where each point stands in a new skeleton, in shares of its box. */
  readonly layout: readonly Point[];
}

export const KINDS: readonly ShapeKind[] = [
  'box',
  'rotated_box',
  'polygon',
  'polyline',
  'point',
  'keypoints',
  'mask',
];

let serial = 0;

/** An id that no other shape has. `crypto.randomUUID` does not exist on plain-http addresses, `getRandomValues` does. */
export function newShapeId(): string {
  const parts = globalThis.crypto.getRandomValues(new Uint32Array(2));
  serial = (serial + 1) % 1296;
  return `${Array.from(parts, (part) => part.toString(36).padStart(7, '0')).join('')}${serial.toString(36).padStart(2, '0')}`;
}

/** A shape of the given geometry, with nothing said about it yet. */
export function makeShape(geometry: Geometry, classKey: string, id: string = newShapeId()): Shape {
  return { ...geometry, id, classKey, attributes: {}, hidden: false, locked: false };
}
