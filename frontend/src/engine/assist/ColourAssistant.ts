import type { Patch } from '../mask/rle';
import type { Pixels } from '../tools/tool';
import type { Prompt, SegmentationAssistant } from './assistant';
import type { Eyes } from './eyes';

/** Tells an object from what is around it by its colours: needs nothing that would have to be loaded. */
export class ColourAssistant implements SegmentationAssistant {
  readonly name = 'colour';

  constructor(private readonly eyes: Eyes) {}

  async segment(pixels: Pixels, prompt: Prompt, signal: AbortSignal): Promise<Patch | null> {
    return this.eyes.look('colours', pixels, prompt, signal);
  }
}
