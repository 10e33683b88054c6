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
  // The end of each run is where the value changes; the pixels above and below the patch are zeros.
  const put = (at: number, value: number) => {
    if (value === ink) return;
    counts.push(at - written);
    written = at;
    ink = value;
  };
  const { rows, ends } = changesDown(patch);
  for (let column = 0, next = 0; column < patch.width; column += 1) {
    const start = (patch.x + column) * height;
    const top = start + patch.y;
    if (patch.y > 0) put(start, 0);
    let value = 0;
    if (next < (ends[column] ?? 0) && rows[next] === 0) [next, value] = [next + 1, 1];
    put(top, value);
    for (; next < (ends[column] ?? 0); next += 1) {
      value = 1 - value;
      put(top + (rows[next] ?? 0), value);
    }
    if (patch.y + patch.height < height) put(top + patch.height, 0);
  }
  put((patch.x + patch.width) * height, 0);
  if (written < width * height || counts.length === 0) counts.push(width * height - written);
  return { width, height, counts };
}

/**
 * The rows in which a column changes, column by column, the first as if there were nothing above it; `ends[c]` is where the
 * rows of column c end. Read as it lies in memory, four pixels at a time: down the columns it takes ten times as long.
 */
function changesDown({ width, height, data }: Patch): { rows: Int32Array; ends: Int32Array } {
  const across = Math.ceil(width / 4);
  const words = new Uint32Array(across * height);
  const bytes = new Uint8Array(words.buffer);
  if (width % 4 === 0) bytes.set(data);
  else
    for (let row = 0; row < height; row += 1)
      bytes.set(data.subarray(row * width, (row + 1) * width), row * across * 4);
  const found: number[] = [];
  const ends = new Int32Array(width);
  for (let at = 0; at < words.length; at += 1) {
    if (words[at] === (at < across ? 0 : words[at - across])) continue;
    for (let byte = 4 * at; byte < 4 * at + 4; byte += 1) {
      if (bytes[byte] === (at < across ? 0 : bytes[byte - 4 * across])) continue;
      found.push(byte);
      const column = byte % (4 * across);
      ends[column] = (ends[column] ?? 0) + 1;
    }
  }
  const places = new Int32Array(width);
  for (let column = 1; column < width; column += 1) {
    places[column] = ends[column - 1] ?? 0;
    ends[column] = (ends[column] ?? 0) + (ends[column - 1] ?? 0);
  }
  const rows = new Int32Array(found.length);
  for (const byte of found) {
    const column = byte % (4 * across);
    const place = places[column] ?? 0;
    rows[place] = (byte - column) / (4 * across);
    places[column] = place + 1;
  }
  return { rows, ends };
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
    if (ink) markRun(patch, mask.height, at, at + count);
    at += count;
    ink = !ink;
  }
  fillDown(patch);
  return patch;
}

/** Turns over the pixels where a run begins in a column, and where it has ended. */
function markRun(patch: Patch, height: number, from: number, to: number): void {
  const firstColumn = Math.max(patch.x, Math.floor(from / height));
  const lastColumn = Math.min(patch.x + patch.width - 1, Math.floor((to - 1) / height));
  const { data, width } = patch;
  for (let column = firstColumn; column <= lastColumn; column += 1) {
    const start = Math.max(from - column * height, patch.y) - patch.y;
    const stop = Math.min(to - column * height, patch.y + patch.height) - patch.y;
    if (start >= stop) continue;
    const [first, after] = [start * width + column - patch.x, stop * width + column - patch.x];
    data[first] = 1 - (data[first] ?? 0);
    if (stop < patch.height) data[after] = 1 - (data[after] ?? 0);
  }
}

/** Carries each mark down its column to the next, in the order of memory. */
function fillDown({ width, data }: Patch): void {
  const cells =
    width % 4 === 0 && data.byteOffset % 4 === 0
      ? new Uint32Array(data.buffer, data.byteOffset, data.length / 4)
      : data;
  const across = cells === data ? width : width / 4;
  for (let at = across; at < cells.length; at += 1) cells[at] = (cells[at] ?? 0) ^ (cells[at - across] ?? 0);
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
