import { boundsOf } from '../model/geometry';
import type { Ring } from '../model/shapes';
import { type Patch, patchOf } from './rle';

/**
 * The pixels whose middle a closed line goes around, however often it crosses itself: what lies inside is told by the
 * winding number, so that where the line runs twice the same way round nothing is cut out.
 */
export function fillRing(ring: Ring): Patch {
  const { minX, minY, maxX, maxY } = boundsOf(ring);
  const [x, y] = [Math.floor(minX), Math.floor(minY)];
  const patch = patchOf(x, y, Math.ceil(maxX) - x, Math.ceil(maxY) - y);
  for (let row = 0; row < patch.height; row += 1) {
    const turns = turnsAt(ring, y + row + 0.5);
    let winding = 0;
    for (const [at, { place, way }] of turns.entries()) {
      winding += way;
      const next = turns[at + 1];
      if (winding === 0 || !next) continue;
      const from = Math.max(0, Math.ceil(place - x - 0.5));
      const to = Math.max(from, Math.min(patch.width, Math.ceil(next.place - x - 0.5)));
      patch.data.fill(1, row * patch.width + from, row * patch.width + to);
    }
  }
  return patch;
}

/** Where the line goes through a height, from left to right, and whether it goes down (1) or up (-1) there. */
function turnsAt(ring: Ring, height: number): { place: number; way: 1 | -1 }[] {
  const turns: { place: number; way: 1 | -1 }[] = [];
  for (const [at, a] of ring.entries()) {
    const b = ring[(at + 1) % ring.length];
    if (!b || a.y <= height === b.y <= height) continue;
    const place = a.x + ((height - a.y) / (b.y - a.y)) * (b.x - a.x);
    turns.push({ place, way: a.y <= height ? 1 : -1 });
  }
  return turns.sort((one, other) => one.place - other.place);
}
