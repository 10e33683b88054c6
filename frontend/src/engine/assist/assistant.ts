import type { Patch } from '../mask/rle';
import type { Bounds } from '../model/shapes';
import type { Pixels, Refusal } from '../tools/tool';
import type { Point } from '../viewport';

/** What somebody has shown of the object so far. */
export interface Prompt {
  /** The object lies in it. */
  readonly box: Bounds;
  /** Places that belong to the object, and places that do not. */
  readonly points: readonly (Point & { readonly inside: boolean })[];
}

/**
 * Whoever can find an object from a hint: the colour model below, GrabCut in a worker, or an operator's own network. The
 * tool asks again with every further point; an answer that comes late is thrown away, `signal` says so.
 */
export interface SegmentationAssistant {
  readonly name: string;
  /** The tool is in the hand, so what takes time to load may begin to. */
  prepare?(): void;
  /** The pixels of the object, or null when there is none. Rejects when it cannot work at all, with `Unable` when it knows why. */
  segment(pixels: Pixels, prompt: Prompt, signal: AbortSignal): Promise<Patch | null>;
}

/** What an assistant cannot do, for a reason that another try would not change. */
export class Unable extends Error {
  constructor(readonly why: Refusal) {
    super(why);
  }
}
