import type { Patch } from './mask/rle';
import type { Pixels } from './tools/tool';
import type { Size } from './viewport';

/** A picture for tests of whoever finds objects: noisy reds on noisy greens and blues. */

export type IsObject = (x: number, y: number) => boolean;

export function noisyPicture(size: Size, isObject: IsObject): Pixels {
  const data = new Uint8ClampedArray(size.width * size.height * 4).fill(255);
  let state = 9;
  const noise = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return ((state >>> 24) % 60) - 30;
  };
  for (let y = 0; y < size.height; y += 1)
    for (let x = 0; x < size.width; x += 1) {
      const [r, g, b] = isObject(x + 0.5, y + 0.5)
        ? [170, 90, 80]
        : x % 40 < 20
          ? [80, 140, 90]
          : [70, 90, 150];
      data.set([r + noise(), g + noise(), b + noise()], 4 * (y * size.width + x));
    }
  return { ...size, data };
}

/** Whether the pixel at a place is in what was found. */
export function hasPixel(found: Patch | null, x: number, y: number): boolean {
  if (!found) return false;
  const [px, py] = [x - found.x, y - found.y];
  const within = px >= 0 && py >= 0 && px < found.width && py < found.height;
  return within && found.data[py * found.width + px] === 1;
}

/** How much of what was found and what should be found is both: 0 to 1. */
export function overlap(found: Patch | null, size: Size, isObject: IsObject): number {
  let [both, either] = [0, 0];
  for (let y = 0; y < size.height; y += 1)
    for (let x = 0; x < size.width; x += 1) {
      const [got, want] = [hasPixel(found, x, y), isObject(x + 0.5, y + 0.5)];
      both += Number(got && want);
      either += Number(got || want);
    }
  return both / either;
}
