import type { Patch } from '../mask/rle';
import type { Pixels } from '../tools/tool';
import type { Prompt, SegmentationAssistant } from './assistant';
import type { Eyes } from './eyes';
import type { Scene } from './grabcut';

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
    private readonly eyes: Eyes,
    private readonly otherwise: SegmentationAssistant,
  ) {}

  prepare(): void {
    this.hand.prepare();
  }

  async segment(pixels: Pixels, prompt: Prompt, signal: AbortSignal): Promise<Patch | null> {
    const scene = await this.eyes.look('scene', pixels, prompt, signal);
    if (!scene) return this.otherwise.segment(pixels, prompt, signal);
    const { width, height, colours, fixed } = scene;
    const inside = await this.hand.cut({ width, height, colours, fixed }, signal).catch(() => null);
    signal.throwIfAborted();
    if (!inside) return this.otherwise.segment(pixels, prompt, signal);
    if (!inside.includes(1)) return null;
    return this.eyes.look('cut', pixels, { scene, inside }, signal);
  }
}
