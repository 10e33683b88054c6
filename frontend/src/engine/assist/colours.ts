import { spread } from '../image/part';
import type { Patch } from '../mask/rle';
import type { Bounds } from '../model/shapes';
import type { Pixels } from '../tools/tool';
import type { Prompt } from './assistant';
import { fixedBy, largest, type Samples, samplesAround } from './samples';

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

interface Field extends Samples {
  /** Place in the histogram of each sample's colour. */
  readonly bins: Uint16Array;
}

/** The object in a box, in pixels of the picture; null where there is none. */
export function colourPatch(pixels: Pixels, prompt: Prompt): Patch | null {
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
  const data = largest(inside, fixed, width, height);
  return spread(field, { x: 0, y: 0, width, height, data }, pixels);
}

/** The samples around a box, each with the place of its colour in a histogram. */
function fieldAround(pixels: Pixels, box: Bounds): Field {
  const field = samplesAround(pixels, box, SIDE);
  const { x, y, step, width, height } = field;
  const bins = new Uint16Array(width * height);
  const shade = (value: number | undefined) => Math.floor(((value ?? 0) * SHADES) / 256);
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1) {
      const from = 4 * ((y + row * step) * pixels.width + x + column * step);
      const { data } = pixels;
      bins[row * width + column] =
        (shade(data[from]) * SHADES + shade(data[from + 1])) * SHADES + shade(data[from + 2]);
    }
  return { ...field, bins };
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
