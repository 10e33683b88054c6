import type { CutOut } from '@/engine/assist/GrabCutAssistant';
import type { Scene } from '@/engine/assist/grabcut';
import type { Order, Told } from './grabcut.worker';

/** Begins a worker: it is sent orders by what comes back, and tells what it has done, or that it did not start. */
export type Start = (tell: (said: Told) => void, failed: () => void) => (order: Order) => void;

/** How long somebody waits for OpenCV to load before the colours answer instead. */
const PATIENCE_MS = 4000;

interface Wish {
  readonly scene: Scene;
  readonly give: (inside: Uint8Array | null) => void;
  readonly refuse: (why: Error) => void;
}

/**
 * Cuts in a worker, begun at the first wish. One cut at a time; of those that wait only the newest is made, for the others
 * were asked before somebody went on.
 */
export function cutOutInWorker(library: string, start: Start): CutOut {
  let send: ((order: Order) => void) | null = null;
  let broken: Error | null = null;
  let loaded = false;
  let running: Wish | null = null;
  let waiting: Wish | null = null;

  const fail = (why: Error) => {
    broken = why;
    for (const wish of [running, waiting]) wish?.refuse(why);
    running = waiting = null;
  };
  const post = (scene: Scene | null) => send?.({ library, scene });
  const next = () => {
    if (!loaded || running || !waiting) return;
    running = waiting;
    waiting = null;
    post(running.scene);
  };
  const hear = (said: Told) => {
    if ('failed' in said) {
      const why = new Error(said.failed);
      if (!loaded) return fail(why);
      // One cut that fails says nothing about the next.
      running?.refuse(why);
    } else {
      loaded = true;
      running?.give(said.inside);
    }
    running = null;
    next();
  };
  const begin = () => {
    if (send || broken) return;
    try {
      send = start(hear, () => fail(new Error('The worker did not start.')));
    } catch (error) {
      fail(new Error('No worker can be started here.', { cause: error }));
      return;
    }
    post(null);
  };

  return {
    prepare: begin,
    cut: (scene, signal) =>
      new Promise((give, refuse) => {
        begin();
        if (broken) {
          refuse(broken);
          return;
        }
        waiting?.give(null);
        const wish: Wish = { scene, give, refuse };
        waiting = wish;
        signal.addEventListener('abort', () => give(null), { once: true });
        if (!loaded)
          setTimeout(() => {
            if (waiting === wish && !loaded) waiting = null;
            if (!loaded) give(null);
          }, PATIENCE_MS);
        next();
      }),
  };
}
