import { type Patch, patchOf } from '../mask/rle';
import type { Ring } from '../model/shapes';
import type { Frame } from '../tools/tool';
import type { Point, Size } from '../viewport';

/** Between a picture and a thinned part of it that tools look at. */

/** A mask larger than this would be of no use, made of so few samples. */
const LARGEST_MASK = 40_000_000;

/** Where samples lie: each stands for `step` x `step` pixels from (x, y) on. */
type Thinned = Pick<Frame, 'x' | 'y' | 'step'>;

export function intoPart({ x = 0, y = 0, step = 1 }: Thinned, point: Point): Point {
  return { x: (point.x - x) / step, y: (point.y - y) / step };
}

export function outOfPart({ x = 0, y = 0, step = 1 }: Thinned, ring: Ring, size: Size): Ring {
  return ring.map((point) => ({
    x: Math.min(size.width, point.x * step + x),
    y: Math.min(size.height, point.y * step + y),
  }));
}

/** Whether ink touches an edge of the part behind which the picture goes on. */
export function isCutOff(pixels: Frame, patch: Patch, size: Size): boolean {
  const { x = 0, y = 0, step = 1, width, height } = pixels;
  return (
    (patch.x <= 0 && x > 0) ||
    (patch.y <= 0 && y > 0) ||
    (patch.x + patch.width >= width && x + width * step < size.width) ||
    (patch.y + patch.height >= height && y + height * step < size.height)
  );
}

/** What was found in a part as pixels of the picture. Null when they would be too many. */
export function enlarge(pixels: Frame, patch: Patch, size: Size): Patch | null {
  const { step = 1 } = pixels;
  const isLarge = step > 1 && patch.width * patch.height * step ** 2 > LARGEST_MASK;
  return isLarge ? null : spread(pixels, patch, size);
}

/** Samples as pixels of the picture. */
export function spread({ x = 0, y = 0, step = 1 }: Thinned, patch: Patch, size: Size): Patch {
  if (step === 1 && x === 0 && y === 0) return patch;
  const left = x + patch.x * step;
  const top = y + patch.y * step;
  const width = Math.min(patch.width * step, size.width - left);
  const height = Math.min(patch.height * step, size.height - top);
  const large = patchOf(left, top, width, height);
  for (let row = 0; row < height; row += 1) {
    const from = Math.floor(row / step) * patch.width;
    for (let column = 0; column < width; column += 1)
      large.data[row * width + column] = patch.data[from + Math.floor(column / step)] ?? 0;
  }
  return large;
}
