import { shapeBounds } from '../model/bounds';
import { between, boundsBetween, centreOf, cornersOf, distance, rotate } from '../model/geometry';
import type { Bounds, RotatedBoxShape, Shape } from '../model/shapes';
import {
  clampPoint,
  insertVertex,
  moveShape,
  moveVertex,
  stretchShape,
  turnShape,
  type VertexPlace,
} from '../model/transform';
import type { Point, Size } from '../viewport';

/** A place by which a chosen shape is changed. */
export type Handle = Point &
  (
    | { readonly kind: 'corner'; readonly index: number }
    | { readonly kind: 'side'; readonly index: number }
    | { readonly kind: 'turn' }
    | ({ readonly kind: 'vertex' } & VertexPlace)
    /** In the middle of an edge; dragging it puts a vertex there. */
    | ({ readonly kind: 'edge' } & VertexPlace)
    | { readonly kind: 'key_point'; readonly index: number }
  );

/** How far the handle that turns stands off, in pixels of the screen. */
export const TURN_AWAY = 26;
/** Edges shorter than this on the screen get no handle in their middle. */
const EDGE_LEAST = 28;

/** `scale` is screen pixels a picture pixel. A mask has no handles, a brush changes it. */
export function handlesOf(shape: Shape, scale: number): Handle[] {
  switch (shape.kind) {
    case 'box':
      return frameHandles(
        shape.x + shape.width / 2,
        shape.y + shape.height / 2,
        shape.width,
        shape.height,
        0,
      );
    case 'rotated_box':
      return [
        ...frameHandles(shape.cx, shape.cy, shape.width, shape.height, shape.angle),
        turnHandle(shape, scale),
      ];
    case 'polygon':
      return shape.rings.flatMap((points, ring) => lineHandles(points, ring, true, scale));
    case 'polyline':
      return lineHandles(shape.points, 0, false, scale);
    case 'keypoints':
      return shape.points.flatMap((point, index): Handle[] =>
        point.visibility === 0 ? [] : [{ kind: 'key_point', index, x: point.x, y: point.y }],
      );
    case 'point':
    case 'mask':
      return [];
  }
}

function frameHandles(cx: number, cy: number, width: number, height: number, angle: number): Handle[] {
  const corners = cornersOf(cx, cy, width, height, angle);
  const sides = corners.map((corner, index): Handle => {
    const next = corners[(index + 1) % 4] ?? corner;
    return { kind: 'side', index, ...between(corner, next, 0.5) };
  });
  return [...corners.map((corner, index): Handle => ({ kind: 'corner', index, ...corner })), ...sides];
}

function turnHandle(shape: RotatedBoxShape, scale: number): Handle {
  const top = { x: shape.cx, y: shape.cy - shape.height / 2 - TURN_AWAY / scale };
  return { kind: 'turn', ...rotate(top, { x: shape.cx, y: shape.cy }, shape.angle) };
}

/** Vertices nearer to the last shown than this on the screen get no handle of their own until one comes closer. */
const VERTEX_LEAST = 6;

function lineHandles(points: readonly Point[], ring: number, closed: boolean, scale: number): Handle[] {
  let shown: Point | null = null;
  return points.flatMap((point, vertex): Handle[] => {
    if (shown && distance(shown, point) * scale < VERTEX_LEAST) return [];
    shown = point;
    const here: Handle = { kind: 'vertex', ring, vertex, x: point.x, y: point.y };
    const next = closed ? points[(vertex + 1) % points.length] : points[vertex + 1];
    if (!next || distance(point, next) * scale < EDGE_LEAST) return [here];
    return [here, { kind: 'edge', ring, vertex, ...between(point, next, 0.5) }];
  });
}

/** The handle nearest to the point within the tolerance; a corner or vertex before one in the middle of an edge. */
export function handleAt(handles: readonly Handle[], point: Point, tolerance: number): Handle | null {
  let best: Handle | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const handle of handles) {
    const away = distance(handle, point);
    const rank = handle.kind === 'edge' || handle.kind === 'side' ? away + tolerance / 2 : away;
    if (away <= tolerance && rank < least) [best, least] = [handle, rank];
  }
  return best;
}

export interface Grip {
  /** Keeps the proportions of a box, or turns in steps of 15 degrees. */
  readonly steady: boolean;
}

/** The shape as it is when the handle has been drawn to a point. `start` is the shape when the drag began. */
export function dragHandle(start: Shape, handle: Handle, to: Point, size: Size, grip: Grip): Shape {
  const point = clampPoint(to, size);
  switch (handle.kind) {
    case 'corner':
    case 'side':
      if (start.kind === 'box') return dragBox(start, handle, point, grip);
      return start.kind === 'rotated_box' ? dragRotated(start, handle, point, size, grip) : start;
    case 'turn':
      return start.kind === 'rotated_box' ? turnTo(start, to, size, grip) : start;
    case 'vertex':
      return start.kind === 'polygon' || start.kind === 'polyline' ? moveVertex(start, handle, point) : start;
    case 'edge':
      return start.kind === 'polygon' || start.kind === 'polyline'
        ? insertVertex(start, handle, point)
        : start;
    case 'key_point':
      if (start.kind !== 'keypoints') return start;
      return {
        ...start,
        points: start.points.map((p, i) => (i === handle.index ? { ...point, visibility: p.visibility } : p)),
      };
  }
}

function dragBox(start: Shape, handle: Handle, to: Point, { steady }: Grip): Shape {
  const from = shapeBounds(start);
  const opposite = pull(from, handle, to);
  const bounds = steady && handle.kind === 'corner' ? proportional(from, handle.index, to) : opposite;
  return stretchShape(start, from, bounds);
}

/** Sides in the order top, right, bottom, left; corners clockwise from top left. Dragging past the other side turns it over. */
function pull(from: Bounds, handle: Handle, to: Point): Bounds {
  let { minX, minY, maxX, maxY } = from;
  if (handle.kind === 'corner') {
    if (handle.index === 0 || handle.index === 3) minX = to.x;
    else maxX = to.x;
    if (handle.index < 2) minY = to.y;
    else maxY = to.y;
  } else if (handle.kind === 'side') {
    if (handle.index === 0) minY = to.y;
    if (handle.index === 1) maxX = to.x;
    if (handle.index === 2) maxY = to.y;
    if (handle.index === 3) minX = to.x;
  }
  return boundsBetween({ x: minX, y: minY }, { x: maxX, y: maxY });
}

/** The corner follows as far as the shorter of the two ways allows, so the box stays inside the picture. */
function proportional(from: Bounds, corner: number, to: Point): Bounds {
  const fixed = {
    x: corner === 0 || corner === 3 ? from.maxX : from.minX,
    y: corner < 2 ? from.maxY : from.minY,
  };
  const width = from.maxX - from.minX || 1;
  const height = from.maxY - from.minY || 1;
  const share = Math.min(Math.abs(to.x - fixed.x) / width, Math.abs(to.y - fixed.y) / height);
  return boundsBetween(fixed, {
    x: fixed.x + Math.sign(to.x - fixed.x) * share * width,
    y: fixed.y + Math.sign(to.y - fixed.y) * share * height,
  });
}

/** Works in the frame of the box, so that the opposite corner or side stays where it is. */
function dragRotated(start: RotatedBoxShape, handle: Handle, to: Point, size: Size, grip: Grip): Shape {
  const centre = { x: start.cx, y: start.cy };
  const upright: Bounds = {
    minX: start.cx - start.width / 2,
    minY: start.cy - start.height / 2,
    maxX: start.cx + start.width / 2,
    maxY: start.cy + start.height / 2,
  };
  const grabbed = rotate(handle, centre, -start.angle);
  const wanted = rotate(to, centre, -start.angle);
  const steady = grip.steady && handle.kind === 'corner';
  return furthest(start, size, (share) => {
    const local = between(grabbed, wanted, share);
    const b = steady ? proportional(upright, handle.index, local) : pull(upright, handle, local);
    const { x: cx, y: cy } = rotate(centreOf(b), centre, start.angle);
    return { ...start, cx, cy, width: b.maxX - b.minX, height: b.maxY - b.minY };
  });
}

function turnTo(start: RotatedBoxShape, to: Point, size: Size, { steady }: Grip): Shape {
  const angle = (Math.atan2(to.y - start.cy, to.x - start.cx) * 180) / Math.PI + 90;
  const wanted = steady ? Math.round(angle / 15) * 15 : angle;
  const next = turnShape(start, { x: start.cx, y: start.cy }, wanted - start.angle);
  return isInside(next, size) ? next : (nudgeInside(next, size) ?? start);
}

const isInside = (shape: Shape, size: Size): boolean => {
  const b = shapeBounds(shape);
  return (
    b.minX >= -0.005 && b.minY >= -0.005 && b.maxX <= size.width + 0.005 && b.maxY <= size.height + 0.005
  );
};

function nudgeInside(shape: Shape, size: Size): Shape | null {
  const b = shapeBounds(shape);
  const dx = Math.max(0, -b.minX) || Math.min(0, size.width - b.maxX);
  const dy = Math.max(0, -b.minY) || Math.min(0, size.height - b.maxY);
  const moved = moveShape(shape, dx, dy);
  return isInside(moved, size) ? moved : null;
}

/** As much of the way (0 to 1) as can be gone without leaving the picture, by halving. */
function furthest(start: Shape, size: Size, along: (share: number) => Shape): Shape {
  const whole = along(1);
  if (isInside(whole, size)) return whole;
  let [low, high] = [0, 1];
  let best = start;
  for (let i = 0; i < 12; i += 1) {
    const share = (low + high) / 2;
    const next = along(share);
    if (isInside(next, size)) [low, best] = [share, next];
    else high = share;
  }
  return best;
}
