import type { Eyes, SightName } from '@/engine/assist/eyes';
import type { Frame, Pixels } from '@/engine/tools/tool';
import type { Look, Sighted, SightOrder } from './sight.worker';

type Send = (order: SightOrder, transfer: Transferable[]) => void;

/** Begins a worker: it is sent orders by what comes back, and tells what it has seen, or that it cannot work. */
export type StartEyes = (tell: (said: Sighted) => void, failed: () => void) => Send;

interface Wish {
  readonly name: SightName;
  readonly pixels: Frame;
  readonly asked: unknown;
  readonly signal: AbortSignal;
  readonly give: (seen: unknown) => void;
  readonly refuse: (why: unknown) => void;
}

/** Needs the colours, and not only where they lie. */
const looksAtColours = (name: SightName): boolean => name !== 'cut' && name !== 'shape' && name !== 'around';

const frameOf = ({ width, height, x = 0, y = 0, step = 1 }: Frame): Frame => ({ width, height, x, y, step });

/**
 * Looks in a worker, one thing after another, so that of what is given up nothing is begun. Where no worker can be, or it
 * does not start or breaks, `otherwise` looks.
 */
export function eyesInWorker(start: StartEyes, otherwise: () => Promise<Eyes>): Eyes {
  let send: Send | null = null;
  let broken = false;
  /** What the worker has been told of last. */
  let told: Frame | null = null;
  /** Until it is with the worker; what is asked about it must not overtake it. */
  let telling: Promise<void> = Promise.resolve();
  let running: Wish | null = null;
  const waiting: Wish[] = [];

  const lookOtherwise = async ({ name, pixels, asked, signal }: Wish): Promise<unknown> =>
    (await otherwise()).look(name, pixels as Pixels, asked as never, signal);

  const giveUp = () => {
    broken = true;
    const wishes = running ? [running, ...waiting.splice(0)] : waiting.splice(0);
    running = null;
    for (const wish of wishes) lookOtherwise(wish).then(wish.give, wish.refuse);
  };

  const begin = () => {
    if (send || broken) return;
    try {
      send = start(hear, giveUp);
    } catch {
      giveUp();
    }
  };

  const show = (pixels: Pixels): Promise<void> => {
    if (told === pixels || broken) return telling;
    told = pixels;
    telling = tell(pixels).catch((why) => {
      // It was closed meanwhile, or cannot be copied: the worker still has the one before.
      if (told === pixels) told = null;
      throw why;
    });
    return telling;
  };

  /** A bitmap is copied first, because what is handed over is gone from here. */
  const tell = async (pixels: Pixels): Promise<void> => {
    const { bitmap } = pixels;
    if (!bitmap) {
      const colours = pixels.data.slice();
      send?.({ picture: { pixels: { ...frameOf(pixels), data: colours } } }, [colours.buffer]);
      return;
    }
    const copy = await createImageBitmap(bitmap);
    // Another picture may have come meanwhile.
    if (told === pixels) send?.({ picture: { bitmap: copy } }, [copy]);
    else copy.close();
  };

  const isPixels = (pixels: Frame): pixels is Pixels => 'data' in pixels;

  const next = () => {
    if (running) return;
    const wish = waiting.shift();
    if (!wish) return;
    if (wish.signal.aborted) {
      next();
      return;
    }
    running = wish;
    const { name, pixels, asked } = wish;
    const look = (frame: Frame | null) => {
      if (running === wish) send?.({ look: { name, asked, frame } satisfies Look }, []);
    };
    if (!looksAtColours(name) || !isPixels(pixels)) look(frameOf(pixels));
    else
      show(pixels).then(
        () => look(null),
        () => running === wish && hear({ failed: 'no bitmap' }),
      );
  };

  function hear(said: Sighted): void {
    const wish = running;
    running = null;
    if (wish && 'seen' in said) wish.give(said.seen);
    else if (wish) lookOtherwise(wish).then(wish.give, wish.refuse);
    next();
  }

  return {
    prepare: (pixels) => {
      begin();
      // Of one that is looked at in parts another part may be seen by then.
      if (pixels.bitmap && !running && waiting.length === 0) show(pixels).catch(() => undefined);
    },
    look: (name, pixels, asked, signal) =>
      new Promise<never>((give, refuse) => {
        begin();
        const wish: Wish = { name, pixels, asked, signal, give: give as Wish['give'], refuse };
        signal.addEventListener('abort', () => refuse(signal.reason), { once: true });
        if (broken) {
          lookOtherwise(wish).then(wish.give, refuse);
          return;
        }
        waiting.push(wish);
        next();
      }),
  };
}
