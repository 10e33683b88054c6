import { type Cv, grabCut, type LoadingCv, readyCv, type Scene } from '@/engine/assist/grabcut';

/**
 * GrabCut away from the page. The server sends this script with a policy of its own: OpenCV makes functions from text,
 * which the page itself forbids.
 */

export interface Order {
  /** Address of OpenCV as a module. */
  readonly library: string;
  /** Null: only be ready. */
  readonly scene: Scene | null;
}

/** One for each order, in their order. */
export type Told = { readonly inside: Uint8Array | null } | { readonly failed: string };

let opencv: Promise<Cv> | null = null;

async function load(address: string): Promise<Cv> {
  const { default: module } = (await import(/* @vite-ignore */ address)) as { default: LoadingCv };
  return readyCv(module);
}

async function answer({ library, scene }: Order): Promise<Told> {
  try {
    opencv ??= load(library);
    const cv = await opencv;
    return { inside: scene && grabCut(cv, scene) };
  } catch (error) {
    return { failed: String(error) };
  }
}

self.addEventListener('message', async ({ data }: MessageEvent<Order>) => {
  self.postMessage(await answer(data));
});
