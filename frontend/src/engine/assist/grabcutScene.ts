import type { Pixels } from '../tools/tool';
import type { Prompt } from './assistant';
import type { Scene as Cuttable } from './grabcut';
import { fixedBy, type Samples, samplesAround } from './samples';

/** What GrabCut is given to cut: few samples, each the mean of its pixels. */

/** A cut takes 0.1 to 0.4 s at this size, and seconds at twice as much. */
const SIDE = 288;

export type Scene = Cuttable & Samples;

/** Null without anything outside or inside to learn from. */
export function sceneAround(pixels: Pixels, prompt: Prompt): Scene | null {
  const field = samplesAround(pixels, prompt.box, SIDE);
  const fixed = fixedBy(field, prompt);
  if (!fixed.includes(-1) || !fixed.some((side) => side >= 0)) return null;
  return { ...field, fixed, colours: coloursOf(pixels, field) };
}

/** The mean over the pixels that each sample stands for. */
function coloursOf({ data, width: across }: Pixels, { x, y, step, width, height }: Samples): Uint8Array {
  const colours = new Uint8Array(3 * width * height);
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1)
      for (let channel = 0; channel < 3; channel += 1) {
        let sum = 0;
        for (let dy = 0; dy < step; dy += 1)
          for (let dx = 0; dx < step; dx += 1)
            sum += data[4 * ((y + row * step + dy) * across + x + column * step + dx) + channel] ?? 0;
        colours[3 * (row * width + column) + channel] = Math.round(sum / (step * step));
      }
  return colours;
}
