import type { Bounds, RunLengths } from '../model/shapes';

/**
 * Run lengths as COCO writes them: column by column over the whole picture, zeros first. In memory the counts are plain
 * numbers; written down they are COCO's compressed string, so that pycocotools reads what we export without a step between.
 */

/** A rectangle of a picture's pixels, row by row, 0 or 1. */
export interface Patch {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export function patchOf(x: number, y: number, width: number, height: number): Patch {
  return { x, y, width, height, data: new Uint8Array(width * height) };
}

/** The part of a patch that lies in a rectangle. */
export function cutPatch(patch: Patch, area: Bounds): Patch {
  const x = Math.max(patch.x, area.minX);
  const y = Math.max(patch.y, area.minY);
  const width = Math.max(0, Math.min(patch.x + patch.width, area.maxX) - x);
  const height = Math.max(0, Math.min(patch.y + patch.height, area.maxY) - y);
  const part = patchOf(x, y, width, height);
  for (let row = 0; row < height; row += 1) {
    const from = (y + row - patch.y) * patch.width + x - patch.x;
    part.data.set(patch.data.subarray(from, from + width), row * width);
  }
  return part;
}

/** The run lengths of a picture in which only the patch has ink. The patch must lie inside the picture. */
export function encode(patch: Patch, width: number, height: number): RunLengths {
  if (patch.x < 0 || patch.y < 0 || patch.x + patch.width > width || patch.y + patch.height > height)
    throw new RangeError('The patch reaches out of the picture.');
  const counts: number[] = [];
  let written = 0;
  let ink = 0;
  const { data } = patch;
  // The end of each run is where the value changes; the pixels above and below the patch are zeros.
  const put = (at: number, value: number) => {
    if (value === ink) return;
    counts.push(at - written);
    written = at;
    ink = value;
  };
  for (let column = 0; column < patch.width; column += 1) {
    const start = (patch.x + column) * height;
    const top = start + patch.y;
    if (patch.y > 0) put(start, 0);
    for (let row = 0, from = column; row < patch.height; row += 1, from += patch.width)
      put(top + row, data[from] ? 1 : 0);
    if (patch.y + patch.height < height) put(top + patch.height, 0);
  }
  put((patch.x + patch.width) * height, 0);
  if (written < width * height || counts.length === 0) counts.push(width * height - written);
  return { width, height, counts };
}

/** The pixels of a rectangle, or of as much of it as lies in the picture. */
export function decode(mask: RunLengths, x: number, y: number, width: number, height: number): Patch {
  const left = Math.max(0, x);
  const top = Math.max(0, y);
  const right = Math.min(mask.width, x + width);
  const bottom = Math.min(mask.height, y + height);
  const patch = patchOf(left, top, Math.max(0, right - left), Math.max(0, bottom - top));
  let at = 0;
  let ink = false;
  const end = right * mask.height;
  for (const count of mask.counts) {
    if (at >= end) break;
    if (ink) fillRun(patch, mask.height, at, at + count);
    at += count;
    ink = !ink;
  }
  return patch;
}

function fillRun(patch: Patch, height: number, from: number, to: number): void {
  const firstColumn = Math.max(patch.x, Math.floor(from / height));
  const lastColumn = Math.min(patch.x + patch.width - 1, Math.floor((to - 1) / height));
  for (let column = firstColumn; column <= lastColumn; column += 1) {
    const start = Math.max(from - column * height, patch.y);
    const stop = Math.min(to - column * height, patch.y + patch.height);
    let at = (start - patch.y) * patch.width + column - patch.x;
    for (let row = start; row < stop; row += 1, at += patch.width) patch.data[at] = 1;
  }
}

/** How many pixels have ink. */
export function inkOf({ counts }: RunLengths): number {
  let ink = 0;
  for (let i = 1; i < counts.length; i += 2) ink += counts[i] ?? 0;
  return ink;
}

/** Whether the pixel in which the point lies has ink. */
export function hasInk({ width, height, counts }: RunLengths, x: number, y: number): boolean {
  const column = Math.floor(x);
  const row = Math.floor(y);
  if (column < 0 || row < 0 || column >= width || row >= height) return false;
  const wanted = column * height + row;
  let at = 0;
  for (let i = 0; i < counts.length; i += 1) {
    at += counts[i] ?? 0;
    if (wanted < at) return i % 2 === 1;
  }
  return false;
}

/** COCO's string: differences to the count two places back, five bits a character from the lowest, sign in the last. */
export function countsToString(counts: readonly number[]): string {
  let text = '';
  counts.forEach((count, i) => {
    let rest = i > 2 ? count - (counts[i - 2] ?? 0) : count;
    for (let more = true; more; ) {
      let code = rest & 0x1f;
      rest >>= 5;
      more = code & 0x10 ? rest !== -1 : rest !== 0;
      if (more) code |= 0x20;
      text += String.fromCharCode(code + 48);
    }
  });
  return text;
}

/** The counts in COCO's string, or null when it is none. */
export function countsFromString(text: string): number[] | null {
  const counts: number[] = [];
  for (let at = 0; at < text.length; ) {
    let value = 0;
    let shift = 0;
    for (let more = true; more; ) {
      const code = text.charCodeAt(at) - 48;
      if (!(code >= 0 && code < 64) || shift > 30) return null;
      value |= (code & 0x1f) << shift;
      more = (code & 0x20) !== 0;
      at += 1;
      shift += 5;
      if (!more && code & 0x10 && shift < 32) value |= -1 << shift;
    }
    if (counts.length > 2) value += counts[counts.length - 2] ?? 0;
    counts.push(value);
  }
  return counts;
}
