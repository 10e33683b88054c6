import { decode, encode, patchOf } from '../mask/rle';
import type { Point, Size } from '../viewport';
import { maskBounds, shapeBounds } from './bounds';
import { normalAngle, rotate, shift } from './geometry';
import { hundredths } from './json';
import type { Bounds, KeyPoint, PolygonShape, PolylineShape, RunLengths, Shape } from './shapes';

/** Shapes made from shapes. Nothing here looks at the edge of the picture but `clampMove`, `clampPoint` and `copyInto`. */

export function moveShape<S extends Shape>(shape: S, dx: number, dy: number): S;
export function moveShape(shape: Shape, dx: number, dy: number): Shape {
  const move = (point: Point) => shift(point, dx, dy);
  switch (shape.kind) {
    case 'box':
    case 'point':
      return { ...shape, x: shape.x + dx, y: shape.y + dy };
    case 'rotated_box':
      return { ...shape, cx: shape.cx + dx, cy: shape.cy + dy };
    case 'polygon':
      return { ...shape, rings: shape.rings.map((ring) => ring.map(move)) };
    case 'polyline':
      return { ...shape, points: shape.points.map(move) };
    case 'keypoints':
      return { ...shape, points: shape.points.map((p) => moveKeyPoint(p, move)) };
    case 'mask':
      return { ...shape, mask: moveMask(shape.mask, Math.round(dx), Math.round(dy)) };
  }
}

const moveKeyPoint = (point: KeyPoint, move: (p: Point) => Point): KeyPoint =>
  point.visibility === 0 ? point : { ...move(point), visibility: point.visibility };

/** Pixels that leave the picture are gone. */
function moveMask(mask: RunLengths, dx: number, dy: number): RunLengths {
  const { width, height } = mask;
  const b = maskBounds(mask);
  if (b.minX > b.maxX || (dx === 0 && dy === 0)) return mask;
  const left = Math.max(b.minX, -dx);
  const top = Math.max(b.minY, -dy);
  const patch = decode(
    mask,
    left,
    top,
    Math.min(b.maxX, width - dx) - left,
    Math.min(b.maxY, height - dy) - top,
  );
  if (patch.width === 0 || patch.height === 0) return encode(patchOf(0, 0, 0, 0), width, height);
  return encode({ ...patch, x: patch.x + dx, y: patch.y + dy }, width, height);
}

/** Stretches the shape so that what filled `from` fills `to`. A mask is left as it is; a turned box keeps its angle. */
export function stretchShape(shape: Shape, from: Bounds, to: Bounds): Shape {
  const sx = from.maxX > from.minX ? (to.maxX - to.minX) / (from.maxX - from.minX) : 1;
  const sy = from.maxY > from.minY ? (to.maxY - to.minY) / (from.maxY - from.minY) : 1;
  const map = (p: Point): Point => ({
    x: to.minX + (p.x - from.minX) * sx,
    y: to.minY + (p.y - from.minY) * sy,
  });
  switch (shape.kind) {
    case 'box':
      return {
        ...shape,
        ...map(shape),
        width: shape.width * Math.abs(sx),
        height: shape.height * Math.abs(sy),
      };
    case 'rotated_box': {
      const { x, y } = map({ x: shape.cx, y: shape.cy });
      return {
        ...shape,
        cx: x,
        cy: y,
        width: shape.width * Math.abs(sx),
        height: shape.height * Math.abs(sy),
      };
    }
    case 'polygon':
      return { ...shape, rings: shape.rings.map((ring) => ring.map(map)) };
    case 'polyline':
      return { ...shape, points: shape.points.map(map) };
    case 'keypoints':
      return { ...shape, points: shape.points.map((p) => moveKeyPoint(p, map)) };
    case 'point':
      return { ...shape, ...map(shape) };
    case 'mask':
      return shape;
  }
}

/** Turns a shape about a point. An upright box becomes a turned one; a mask is left as it is. */
export function turnShape(shape: Shape, about: Point, degrees: number): Shape {
  const turn = (p: Point) => rotate(p, about, degrees);
  switch (shape.kind) {
    case 'box': {
      const { kind: _, x, y, width, height, ...common } = shape;
      const centre = turn({ x: x + width / 2, y: y + height / 2 });
      return {
        ...common,
        kind: 'rotated_box',
        cx: centre.x,
        cy: centre.y,
        width,
        height,
        angle: normalAngle(degrees),
      };
    }
    case 'rotated_box': {
      const centre = turn({ x: shape.cx, y: shape.cy });
      return { ...shape, cx: centre.x, cy: centre.y, angle: normalAngle(shape.angle + degrees) };
    }
    case 'polygon':
      return { ...shape, rings: shape.rings.map((ring) => ring.map(turn)) };
    case 'polyline':
      return { ...shape, points: shape.points.map(turn) };
    case 'keypoints':
      return { ...shape, points: shape.points.map((p) => moveKeyPoint(p, turn)) };
    case 'point':
      return { ...shape, ...turn(shape) };
    case 'mask':
      return shape;
  }
}

/** What of a move is possible without leaving the picture. */
export function clampMove(bounds: Bounds, dx: number, dy: number, size: Size): { dx: number; dy: number } {
  const within = (by: number, low: number, high: number) =>
    shortened(Math.min(Math.max(by, Math.min(0, low)), Math.max(0, high)));
  return {
    dx: within(dx, -bounds.minX, size.width - bounds.maxX),
    dy: within(dy, -bounds.minY, size.height - bounds.maxY),
  };
}

/** To whole hundredths, towards zero: shapes are kept in these, and a move by less could not be taken back exactly. */
const shortened = (by: number): number => Math.trunc(by * 100 + Math.sign(by) * 1e-6) / 100;

export const clampPoint = (point: Point, size: Size): Point => ({
  x: Math.min(size.width, Math.max(0, point.x)),
  y: Math.min(size.height, Math.max(0, point.y)),
});

/** The same shape in hundredths of a pixel: what is seen, checked and sent is then one thing. */
export function roundShape(shape: Shape): Shape {
  const round = (p: Point): Point => ({ x: hundredths(p.x), y: hundredths(p.y) });
  switch (shape.kind) {
    case 'box':
      return { ...shape, ...round(shape), width: hundredths(shape.width), height: hundredths(shape.height) };
    case 'rotated_box':
      return {
        ...shape,
        cx: hundredths(shape.cx),
        cy: hundredths(shape.cy),
        width: hundredths(shape.width),
        height: hundredths(shape.height),
        angle: normalAngle(hundredths(shape.angle)),
      };
    case 'polygon':
      return { ...shape, rings: shape.rings.map((ring) => ring.map(round)) };
    case 'polyline':
      return { ...shape, points: shape.points.map(round) };
    case 'point':
      return { ...shape, ...round(shape) };
    case 'keypoints':
      return { ...shape, points: shape.points.map((p) => ({ ...round(p), visibility: p.visibility })) };
    case 'mask':
      return shape;
  }
}

/**
 * The shape for a picture of another size: as it is where it fits, moved in where it only sticks out, null where it is too
 * large or is a mask of other dimensions.
 */
export function copyInto(shape: Shape, size: Size, id: string): Shape | null {
  const copy = { ...shape, id, locked: false, hidden: false };
  if (copy.kind === 'mask') {
    return copy.mask.width === size.width && copy.mask.height === size.height ? copy : null;
  }
  const b = shapeBounds(shape);
  if (b.maxX - b.minX > size.width || b.maxY - b.minY > size.height) return null;
  const dx = Math.max(0, -b.minX) || Math.min(0, size.width - b.maxX);
  const dy = Math.max(0, -b.minY) || Math.min(0, size.height - b.maxY);
  return dx === 0 && dy === 0 ? copy : moveShape(copy, dx, dy);
}

/** A point of an outline by its place; `ring` is 0 for a polyline. */
export interface VertexPlace {
  readonly ring: number;
  readonly vertex: number;
}

type Outlined = PolygonShape | PolylineShape;

const linesOf = (shape: Outlined): readonly (readonly Point[])[] =>
  shape.kind === 'polygon' ? shape.rings : [shape.points];

function withLine<S extends Outlined>(shape: S, ring: number, points: readonly Point[]): S;
function withLine(shape: Outlined, ring: number, points: readonly Point[]): Outlined {
  return shape.kind === 'polygon'
    ? { ...shape, rings: shape.rings.with(ring, points) }
    : { ...shape, points };
}

export function moveVertex<S extends Outlined>(shape: S, { ring, vertex }: VertexPlace, to: Point): S {
  const line = linesOf(shape)[ring];
  return line?.[vertex] ? withLine(shape, ring, line.with(vertex, to)) : shape;
}

/** Puts a point between the vertex and the one after it. */
export function insertVertex<S extends Outlined>(shape: S, { ring, vertex }: VertexPlace, point: Point): S {
  const line = linesOf(shape)[ring];
  return line ? withLine(shape, ring, line.toSpliced(vertex + 1, 0, point)) : shape;
}

/** Without the vertex; a hole that has no third one left goes with it. Null when the shape itself cannot spare it. */
export function deleteVertex(shape: Outlined, { ring, vertex }: VertexPlace): Outlined | null {
  const line = linesOf(shape)[ring];
  if (!line?.[vertex]) return shape;
  const least = shape.kind === 'polygon' ? 3 : 2;
  if (line.length > least) return withLine(shape, ring, line.toSpliced(vertex, 1));
  if (shape.kind === 'polygon' && ring > 0) return { ...shape, rings: shape.rings.toSpliced(ring, 1) };
  return null;
}
