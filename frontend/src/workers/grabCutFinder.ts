import type { SegmentationAssistant } from '@/engine/assist/assistant';
import { GrabCutAssistant } from '@/engine/assist/GrabCutAssistant';
import { cutOutInWorker, type Start } from './cutOutInWorker';
import type { Told } from './grabcut.worker';

const start: Start = (tell, failed) => {
  const worker = new Worker(new URL('./grabcut.worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<Told>) => tell(data);
  worker.onerror = failed;
  return (order) => worker.postMessage(order);
};

/** GrabCut in a worker. library: address of OpenCV as a module. */
export const grabCutFinder = (library: string, otherwise: SegmentationAssistant): SegmentationAssistant =>
  new GrabCutAssistant(cutOutInWorker(library, start), otherwise);
