import { unite } from '../model/geometry';
import type { Bounds, RunLengths } from '../model/shapes';
import type { Point, Size } from '../viewport';
import { decode, encode, type Patch, patchOf } from './rle';

/** The canvas under the brush grows in steps of this many pixels. */
const TILE = 256;

/** Pixels that are being painted: a patch around the ink that grows with it, so that a small object stays cheap. */
export class Ink {
  private pixels: Patch;
  private dirty: Bounds | null = null;

  constructor(
    private readonly size: Size,
    start: RunLengths | null,
    bounds: Bounds | null,
  ) {
    this.pixels = patchOf(0, 0, 0, 0);
    if (start && bounds && bounds.minX <= bounds.maxX) {
      const { minX, minY, maxX, maxY } = bounds;
      this.pixels = decode(start, minX, minY, maxX - minX, maxY - minY);
    }
  }

  get patch(): Patch {
    return this.pixels;
  }

  /** Where pixels may have changed since this was asked last. */
  takeDirty(): Bounds | null {
    const { dirty } = this;
    this.dirty = null;
    return dirty;
  }

  /** Everything nearer than `radius` to the way from a to b, measured from the middle of each pixel. */
  stroke(a: Point, b: Point, radius: number, value: 0 | 1): void {
    const area = {
      minX: Math.max(0, Math.floor(Math.min(a.x, b.x) - radius)),
      minY: Math.max(0, Math.floor(Math.min(a.y, b.y) - radius)),
      maxX: Math.min(this.size.width, Math.ceil(Math.max(a.x, b.x) + radius)),
      maxY: Math.min(this.size.height, Math.ceil(Math.max(a.y, b.y) + radius)),
    };
    if (area.minX >= area.maxX || area.minY >= area.maxY) return;
    if (value === 1) this.reach(area);
    const { x, y, width, height, data } = this.pixels;
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const square = dx * dx + dy * dy;
    const limit = radius * radius;
    for (let row = Math.max(area.minY, y); row < Math.min(area.maxY, y + height); row += 1) {
      for (let column = Math.max(area.minX, x); column < Math.min(area.maxX, x + width); column += 1) {
        const [px, py] = [column + 0.5 - a.x, row + 0.5 - a.y];
        const share = square === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / square));
        if ((px - share * dx) ** 2 + (py - share * dy) ** 2 > limit) continue;
        data[(row - y) * width + column - x] = value;
      }
    }
    this.dirty = this.dirty ? unite(this.dirty, area) : area;
  }

  /** Makes the patch cover the area, in whole tiles, inside the picture. */
  private reach(area: Bounds): void {
    const old = this.pixels;
    const empty = old.width === 0 || old.height === 0;
    const fits =
      !empty &&
      area.minX >= old.x &&
      area.minY >= old.y &&
      area.maxX <= old.x + old.width &&
      area.maxY <= old.y + old.height;
    if (fits) return;
    const low = (wanted: number, had: number) =>
      Math.floor(Math.min(wanted, empty ? wanted : had) / TILE) * TILE;
    const high = (wanted: number, had: number, end: number) =>
      Math.min(end, Math.ceil(Math.max(wanted, empty ? wanted : had) / TILE) * TILE);
    const x = low(area.minX, old.x);
    const y = low(area.minY, old.y);
    const right = high(area.maxX, old.x + old.width, this.size.width);
    const bottom = high(area.maxY, old.y + old.height, this.size.height);
    const grown = patchOf(x, y, right - x, bottom - y);
    for (let row = 0; row < old.height; row += 1) {
      const from = old.data.subarray(row * old.width, (row + 1) * old.width);
      grown.data.set(from, (row + old.y - y) * grown.width + old.x - x);
    }
    this.pixels = grown;
  }

  /** Null when nothing is left. */
  toMask(): RunLengths | null {
    if (!this.pixels.data.includes(1)) return null;
    return encode(this.pixels, this.size.width, this.size.height);
  }
}
