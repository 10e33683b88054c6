import type { Handle } from '../hit/handles';
import type { Patch } from '../mask/rle';
import type { Bounds, Shape } from '../model/shapes';
import type { Point } from '../viewport';

/** A patch that may change under the hand; `takeDirty` tells where since it was asked last. */
export interface InkSource {
  readonly patch: Patch;
  takeDirty(): Bounds | null;
}

/** What a tool wants to be seen above the shapes. */
export interface Overlay {
  /** Shapes as they are just now, in the middle of a change. */
  readonly shapes?: readonly Shape[];
  /** Shapes that are not painted below, because they are being changed here. */
  readonly lifted?: ReadonlySet<string>;
  readonly lines?: readonly { readonly points: readonly Point[]; readonly dashed: boolean }[];
  readonly dots?: readonly Point[];
  readonly handles?: readonly Handle[];
  readonly rectangle?: Bounds;
  readonly ring?: Point & { readonly radius: number };
  /** Ink that is not yet a mask. */
  readonly ink?: { readonly source: InkSource; readonly classKey: string };
}

export const NO_OVERLAY: Overlay = {};
