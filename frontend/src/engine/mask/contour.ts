import { findCrossing } from '../model/crossing';
import { signedArea, simplifyRing } from '../model/geometry';
import type { Ring } from '../model/shapes';
import type { Point } from '../viewport';
import type { Patch } from './rle';

/** From pixels to outlines along their edges. */

/**
 * Pixels that touch at a corner only would make an outline that touches itself. Fills the corner until there is none left;
 * the ink only grows, so it ends.
 */
export function closeCorners(patch: Patch): Patch {
  const { width, height } = patch;
  const closed = { ...patch, data: patch.data.slice() };
  const { data } = closed;
  for (let changed = true; changed; ) {
    changed = false;
    for (let y = 0; y + 1 < height; y += 1)
      for (let x = 0; x + 1 < width; x += 1) {
        const at = y * width + x;
        const [a, b, c, d] = [data[at], data[at + 1], data[at + width], data[at + width + 1]];
        if (a === d && b === c && a !== b) {
          data.fill(1, at, at + 2);
          data.fill(1, at + width, at + width + 2);
          changed = true;
        }
      }
  }
  return closed;
}

interface Traced {
  readonly ring: Ring;
  /** A pixel of the ink it bounds. */
  readonly owner: number;
}

/**
 * The outlines of the ink after `closeCorners`, exact to the pixel: for each area its outer ring, then its holes. Points in
 * pixels of the picture, only where the line turns. Outer rings run clockwise as one sees them, holes the other way.
 */
export function traceAreas(source: Patch): Ring[][] {
  const patch = closeCorners(source);
  const label = labelAreas(patch);
  const areas = new Map<number, Ring[]>();
  for (const { ring, owner } of traceRings(patch)) {
    const area = label[owner] ?? 0;
    const rings = areas.get(area) ?? [];
    if (signedArea(ring) > 0) rings.unshift(ring);
    else rings.push(ring);
    areas.set(area, rings);
  }
  return [...areas.values()];
}

/** Numbers from 1 for the areas of ink that hang together. */
function labelAreas({ width, height, data }: Patch): Int32Array {
  const label = new Int32Array(width * height);
  let areas = 0;
  for (let start = 0; start < data.length; start += 1) {
    if (!data[start] || label[start]) continue;
    areas += 1;
    label[start] = areas;
    const todo = [start];
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      const x = at % width;
      const around = [x > 0 ? at - 1 : -1, x + 1 < width ? at + 1 : -1, at - width, at + width];
      for (const next of around) {
        if (next < 0 || !data[next] || label[next]) continue;
        label[next] = areas;
        todo.push(next);
      }
    }
  }
  return label;
}

/** Walks along every edge between ink and none, ink on the right hand. */
function traceRings(patch: Patch): Traced[] {
  const { width, height, data } = patch;
  const ink = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] === 1;
  // Bit 1: the upper edge of the pixel has been walked, bit 2: the lower.
  const done = new Uint8Array(width * height);
  const traced: Traced[] = [];
  for (let y = 0; y <= height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const below = ink(x, y);
      if (below === ink(x, y - 1)) continue;
      // An area is met first at the upper edge of its ink, a hole at the lower edge of the ink above it.
      const owner = (below ? y : y - 1) * width + x;
      if ((done[owner] ?? 0) & (below ? 1 : 2)) continue;
      traced.push({ ring: walk(patch, ink, done, below ? x : x + 1, y, below ? 1 : -1), owner });
    }
  return traced;
}

function walk(
  patch: Patch,
  ink: (x: number, y: number) => boolean,
  done: Uint8Array,
  startX: number,
  startY: number,
  startDx: number,
): Ring {
  const ring: Point[] = [];
  let [x, y, dx, dy] = [startX, startY, startDx, 0];
  const mark = (at: number, bit: number) => {
    done[at] = (done[at] ?? 0) | bit;
  };
  do {
    if (dx === 1) mark(y * patch.width + x, 1);
    if (dx === -1) mark((y - 1) * patch.width + x - 1, 2);
    x += dx;
    y += dy;
    // The two pixels ahead of the corner, on the right hand and on the left.
    const right = ink(x + (dx - dy - 1) / 2, y + (dy + dx - 1) / 2);
    const left = ink(x + (dx + dy - 1) / 2, y + (dy - dx - 1) / 2);
    if (right && !left) continue;
    ring.push({ x: x + patch.x, y: y + patch.y });
    [dx, dy] = right ? [dy, -dx] : [-dy, dx];
  } while (x !== startX || y !== startY || dx !== startDx || dy !== 0);
  return ring;
}

/** Smaller holes and specks, in pixels, are noise. */
const SPECK = 9;

/** The largest area of the ink as a polygon no further than `tolerance` pixels from its edge; null without ink. */
export function toPolygon(patch: Patch, tolerance: number): Ring[] | null {
  const size = ([outline]: readonly Ring[]) => Math.abs(signedArea(outline ?? []));
  const [largest] = traceAreas(patch).sort((a, b) => size(b) - size(a));
  if (!largest) return null;
  const rings = largest.filter((ring, at) => at === 0 || -signedArea(ring) >= SPECK);
  // What was left out may let lines cross that did not; then less is left out.
  for (let allowed = tolerance; allowed > 0.1; allowed /= 2) {
    const simple = rings.map((ring) => simplifyRing(ring, allowed));
    if (simple.every((ring) => ring.length >= 3) && !findCrossing(simple)) return simple;
  }
  return rings;
}
