import { type Patch, patchOf } from '../mask/rle';
import type { Bounds } from '../model/shapes';
import type { Pixels } from '../tools/tool';
import type { Prompt, SegmentationAssistant } from './assistant';

/**
 * Tells an object from what is around it by colour. Learns how often each colour occurs outside the box and inside it, says
 * of each pixel which is the likelier, smooths that over its neighbours, learns again from the answer. GrabCut's iteration
 * (Rother, Kolmogorov & Blake 2004) with histograms for its mixtures and smoothing for its graph cut: coarser at weak
 * edges, but without a download and in a few dozen milliseconds.
 */

/** The part of the picture that is looked at is thinned to at most this many samples a side. */
const SIDE = 320;
/** Shades of each of red, green and blue. */
const SHADES = 16;
const ROUNDS = 4;
/** A pixel is asked together with its neighbours this far away. */
const SMOOTH = 2;
/** A click speaks for so many samples around it. */
const CLICK = 3;

interface Field {
  readonly x: number;
  readonly y: number;
  readonly step: number;
  readonly width: number;
  readonly height: number;
  /** Place in the histogram of each sample's colour. */
  readonly bins: Uint16Array;
}

export class ColourAssistant implements SegmentationAssistant {
  readonly name = 'colour';

  async segment(pixels: Pixels, prompt: Prompt, _signal: AbortSignal): Promise<Patch | null> {
    const field = fieldAround(pixels, prompt.box);
    const { width, height } = field;
    const fixed = fixedBy(field, prompt);
    let inside = Uint8Array.from(fixed, (side) => (side < 0 ? 0 : 1));
    if (!inside.includes(1)) return null;
    for (let round = 0; round < ROUNDS; round += 1) {
      const evidence = weigh(field.bins, inside);
      const smooth = blur(evidence, width, height, SMOOTH);
      inside = Uint8Array.from(smooth, (value, at) =>
        fixed[at] === 0 ? Number(value > 0) : Number((fixed[at] ?? 0) > 0),
      );
      if (!inside.includes(1)) return null;
    }
    return enlarge(field, largest(inside, fixed, width, height), pixels);
  }
}

/** The box with half its size around it, where the surroundings are learnt. */
function fieldAround(pixels: Pixels, box: Bounds): Field {
  const [dx, dy] = [(box.maxX - box.minX) / 2, (box.maxY - box.minY) / 2];
  const x = Math.max(0, Math.floor(box.minX - dx));
  const y = Math.max(0, Math.floor(box.minY - dy));
  const right = Math.min(pixels.width, Math.ceil(box.maxX + dx));
  const bottom = Math.min(pixels.height, Math.ceil(box.maxY + dy));
  const step = Math.max(1, Math.ceil(Math.max(right - x, bottom - y) / SIDE));
  const width = Math.max(1, Math.floor((right - x) / step));
  const height = Math.max(1, Math.floor((bottom - y) / step));
  const bins = new Uint16Array(width * height);
  const shade = (value: number | undefined) => Math.floor(((value ?? 0) * SHADES) / 256);
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1) {
      const from = 4 * ((y + row * step) * pixels.width + x + column * step);
      const { data } = pixels;
      bins[row * width + column] =
        (shade(data[from]) * SHADES + shade(data[from + 1])) * SHADES + shade(data[from + 2]);
    }
  return { x, y, step, width, height, bins };
}

/** -1 is surely outside, 1 surely inside, 0 open. */
function fixedBy({ x, y, step, width, height }: Field, { box, points }: Prompt): Int8Array {
  const fixed = new Int8Array(width * height).fill(-1);
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1) {
      const [px, py] = [x + (column + 0.5) * step, y + (row + 0.5) * step];
      if (px >= box.minX && px <= box.maxX && py >= box.minY && py <= box.maxY)
        fixed[row * width + column] = 0;
    }
  for (const point of points) {
    const [cx, cy] = [Math.floor((point.x - x) / step), Math.floor((point.y - y) / step)];
    for (let row = Math.max(0, cy - CLICK); row <= Math.min(height - 1, cy + CLICK); row += 1)
      for (let column = Math.max(0, cx - CLICK); column <= Math.min(width - 1, cx + CLICK); column += 1)
        fixed[row * width + column] = point.inside ? 1 : -1;
  }
  return fixed;
}

/** For each sample the logarithm of how much likelier its colour is inside than outside. */
function weigh(bins: Uint16Array, inside: Uint8Array): Float32Array {
  const counts = [new Float32Array(SHADES ** 3), new Float32Array(SHADES ** 3)];
  const totals = [0, 0];
  bins.forEach((bin, at) => {
    const side = inside[at] ?? 0;
    const count = counts[side];
    if (count) count[bin] = (count[bin] ?? 0) + 1;
    totals[side] = (totals[side] ?? 0) + 1;
  });
  const [outer, inner] = counts.map(neighbourly);
  // One sample spread over all colours, so that what was never seen is no proof.
  const rare = 1 / SHADES ** 3;
  return Float32Array.from(bins, (bin) => {
    const within = ((inner?.[bin] ?? 0) + rare) / ((totals[1] ?? 0) + 1);
    const without = ((outer?.[bin] ?? 0) + rare) / ((totals[0] ?? 0) + 1);
    return Math.max(-4, Math.min(4, Math.log(within / without)));
  });
}

/** A colour counts a little for the shades next to it: noise moves colours from one to the other. */
function neighbourly(counts: Float32Array): Float32Array {
  let from = counts;
  for (const stride of [1, SHADES, SHADES * SHADES]) {
    const source = from;
    from = source.map((count, at) => {
      const place = Math.floor(at / stride) % SHADES;
      const before = place > 0 ? (source[at - stride] ?? 0) : 0;
      const after = place < SHADES - 1 ? (source[at + stride] ?? 0) : 0;
      return count / 2 + (before + after) / 4;
    });
  }
  return from;
}

/** The mean over a square, first along the rows, then along the columns. */
function blur(values: Float32Array, width: number, height: number, radius: number): Float32Array {
  const pass = (source: Float32Array, length: number, lines: number, along: number, across: number) => {
    const result = new Float32Array(source.length);
    for (let line = 0; line < lines; line += 1)
      for (let at = 0; at < length; at += 1) {
        const [from, to] = [Math.max(0, at - radius), Math.min(length - 1, at + radius)];
        let sum = 0;
        for (let k = from; k <= to; k += 1) sum += source[line * across + k * along] ?? 0;
        result[line * across + at * along] = sum / (to - from + 1);
      }
    return result;
  };
  return pass(pass(values, width, height, 1, width), height, width, width, 1);
}

/** The largest piece, with every piece in which somebody has clicked, and holes that touch no click filled. */
function largest(inside: Uint8Array, fixed: Int8Array, width: number, height: number): Uint8Array {
  const pieces = piecesOf(inside, 1, width, height);
  const clicked = (piece: readonly number[]) => piece.some((at) => fixed[at] === 1);
  const [biggest] = [...pieces].sort((a, b) => b.length - a.length);
  const kept = new Uint8Array(inside.length);
  for (const piece of pieces) if (piece === biggest || clicked(piece)) for (const at of piece) kept[at] = 1;
  for (const hole of piecesOf(kept, 0, width, height)) {
    const open = hole.some((at) => {
      const [x, y] = [at % width, Math.floor(at / width)];
      return fixed[at] === -1 || x === 0 || y === 0 || x === width - 1 || y === height - 1;
    });
    // A large hole is one of the object.
    if (!open && hole.length < (biggest?.length ?? 0) / 50) for (const at of hole) kept[at] = 1;
  }
  return kept;
}

function piecesOf(bits: Uint8Array, wanted: number, width: number, height: number): number[][] {
  const seen = new Uint8Array(bits.length);
  const pieces: number[][] = [];
  for (let start = 0; start < bits.length; start += 1) {
    if (bits[start] !== wanted || seen[start]) continue;
    const piece: number[] = [start];
    seen[start] = 1;
    for (let next = 0; next < piece.length; next += 1) {
      const at = piece[next] ?? 0;
      const x = at % width;
      const around = [
        x > 0 ? at - 1 : -1,
        x + 1 < width ? at + 1 : -1,
        at - width,
        at + width < height * width ? at + width : -1,
      ];
      for (const other of around) {
        if (other < 0 || bits[other] !== wanted || seen[other]) continue;
        seen[other] = 1;
        piece.push(other);
      }
    }
    pieces.push(piece);
  }
  return pieces;
}

/** From samples back to pixels. */
function enlarge(field: Field, bits: Uint8Array, pixels: Pixels): Patch {
  const { x, y, step, width, height } = field;
  const patch = patchOf(
    x,
    y,
    Math.min(width * step, pixels.width - x),
    Math.min(height * step, pixels.height - y),
  );
  for (let row = 0; row < patch.height; row += 1)
    for (let column = 0; column < patch.width; column += 1)
      patch.data[row * patch.width + column] =
        bits[Math.floor(row / step) * width + Math.floor(column / step)] ?? 0;
  return patch;
}
