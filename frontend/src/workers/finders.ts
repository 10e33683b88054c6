import type { SegmentationAssistant } from '@/engine/assist/assistant';
import { ColourAssistant } from '@/engine/assist/ColourAssistant';
import { GrabCutAssistant } from '@/engine/assist/GrabCutAssistant';
import { cutOutInWorker, type Start } from './cutOutInWorker';
import type { Told } from './grabcut.worker';
import { pageEyes } from './pageEyes';

/** Set by the build: where OpenCV is, below the base address; null where it is not installed. */
declare const __OPENCV__: string | null;

const start: Start = (tell, failed) => {
  const worker = new Worker(new URL('./grabcut.worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<Told>) => tell(data);
  worker.onerror = failed;
  return (order) => worker.postMessage(order);
};

/** GrabCut in a worker where there can be one, and the colours where there cannot, and until it is loaded. */
export function bestFinder(): SegmentationAssistant {
  const eyes = pageEyes;
  const colours = new ColourAssistant(eyes);
  if (__OPENCV__ === null || typeof Worker === 'undefined') return colours;
  const library = new URL(`${import.meta.env.BASE_URL}${__OPENCV__}`, location.href).href;
  return new GrabCutAssistant(cutOutInWorker(library, start), eyes, colours);
}
