import type { Eyes } from '@/engine/assist/eyes';

let loading: Promise<Eyes> | null = null;

function loaded(): Promise<Eyes> {
  loading ??= import('./workerEyes').then(
    ({ workerEyes }) => workerEyes,
    (error: unknown) => {
      // Perhaps the network is back the next time.
      loading = null;
      throw error;
    },
  );
  return loading;
}

/** The eyes of all tools of this page. Most pages never look, and do without their code. */
export const pageEyes: Eyes = {
  prepare: (pixels) => {
    loaded().then(
      (eyes) => eyes.prepare?.(pixels),
      () => undefined,
    );
  },
  look: async (...asked) => {
    const eyes = await loaded();
    asked[3].throwIfAborted();
    return eyes.look(...asked);
  },
};
