import type { Eyes } from '@/engine/assist/eyes';
import { eyesInWorker, type StartEyes } from './eyesInWorker';
import type { Sighted } from './sight.worker';

const start: StartEyes = (tell, failed) => {
  // Without a canvas it would have no picture to look at.
  if (typeof Worker === 'undefined' || typeof OffscreenCanvas === 'undefined')
    throw new Error('No worker can look here.');
  const worker = new Worker(new URL('./sight.worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<Sighted>) => tell(data);
  worker.onerror = failed;
  worker.onmessageerror = failed;
  return (order, transfer) => worker.postMessage(order, transfer);
};

/** Begun when a tool that looks is taken up first. */
export const workerEyes: Eyes = eyesInWorker(
  start,
  async () => (await import('@/engine/assist/ownEyes')).ownEyes,
);
