import type { SightName } from '@/engine/assist/eyes';
import { ownEyes } from '@/engine/assist/ownEyes';
import type { Frame, Pixels } from '@/engine/tools/tool';

/** Looks at the picture away from the page: magic wand, livewire, colours and masks of whatever size. */

export interface Look {
  readonly name: SightName;
  readonly asked: unknown;
  /** Where the samples lie, of what does not look at their colours. */
  readonly frame: Frame | null;
}

/** A picture is told once; everything that is asked after it is asked of it. */
export type SightOrder =
  | { readonly picture: { readonly bitmap: ImageBitmap } | { readonly pixels: Pixels } }
  | { readonly look: Look };

/** One for each look, in their order. */
export type Sighted = { readonly seen: unknown } | { readonly failed: string };

let picture: Pixels | null = null;

/** Before it is asked for, so that the first click waits for nothing but its answer. */
function read(bitmap: ImageBitmap): Pixels {
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('There is no canvas in this worker.');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { width, height, data: context.getImageData(0, 0, width, height).data };
}

/** The memory behind an answer, which is handed over instead of copied. */
export function buffersOf(value: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) return value.buffer instanceof ArrayBuffer ? [value.buffer] : [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.values(value).flatMap(buffersOf);
}

function hear(order: SightOrder): Sighted | null {
  try {
    if ('picture' in order) {
      const told = order.picture;
      picture = 'bitmap' in told ? read(told.bitmap) : told.pixels;
      return null;
    }
    const { name, asked, frame } = order.look;
    const seen = ownEyes.look(
      name,
      (frame ?? picture) as Pixels,
      asked as never,
      new AbortController().signal,
    );
    return { seen };
  } catch (error) {
    // A picture that could not be read fails at the first look.
    if ('picture' in order) picture = null;
    return 'picture' in order ? null : { failed: String(error) };
  }
}

self.addEventListener('message', ({ data }: MessageEvent<SightOrder>) => {
  const told = hear(data);
  if (told) self.postMessage(told, { transfer: buffersOf(told) });
});
