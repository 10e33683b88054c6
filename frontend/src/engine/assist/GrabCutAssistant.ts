import { spread } from '../image/part';
import type { Patch } from '../mask/rle';
import type { Pixels } from '../tools/tool';
import type { Prompt, SegmentationAssistant } from './assistant';
import type { Scene } from './grabcut';
import { fixedBy, largest, type Samples, samplesAround } from './samples';

/** A cut takes 0.1 to 0.4 s at this size, and seconds at twice as much. */
const SIDE = 288;

/** Whoever cuts, out of sight of the page. */
export interface CutOut {
  /** Is about to be asked. */
  prepare(): void;
  /** Null as long as it is not ready. Rejects when it never will be. */
  cut(scene: Scene, signal: AbortSignal): Promise<Uint8Array | null>;
}

/** Finds an object with GrabCut, and with another assistant where and while there is none. */
export class GrabCutAssistant implements SegmentationAssistant {
  readonly name = 'grabcut';

  constructor(
    private readonly hand: CutOut,
    private readonly otherwise: SegmentationAssistant,
  ) {}

  prepare(): void {
    this.hand.prepare();
  }

  async segment(pixels: Pixels, prompt: Prompt, signal: AbortSignal): Promise<Patch | null> {
    const field = samplesAround(pixels, prompt.box, SIDE);
    const fixed = fixedBy(field, prompt);
    // Without anything outside or inside there is nothing to learn from.
    if (!fixed.includes(-1) || !fixed.some((side) => side >= 0))
      return this.otherwise.segment(pixels, prompt, signal);
    const { width, height } = field;
    const scene = { width, height, colours: coloursOf(pixels, field), fixed };
    const inside = await this.hand.cut(scene, signal).catch(() => null);
    signal.throwIfAborted();
    if (!inside) return this.otherwise.segment(pixels, prompt, signal);
    if (!inside.includes(1)) return null;
    const data = largest(inside, fixed, width, height);
    return spread(field, { x: 0, y: 0, width, height, data }, pixels);
  }
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
