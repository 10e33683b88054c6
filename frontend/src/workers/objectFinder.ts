import type { SegmentationAssistant } from '@/engine/assist/assistant';
import { ColourAssistant } from '@/engine/assist/ColourAssistant';

/** Set by the build: where OpenCV is, below the base address; null where it is not installed. */
declare const __OPENCV__: string | null;

let finder: SegmentationAssistant | null = null;

/** Finds objects by their colours: with GrabCut where it is installed, else with the model that is built in. */
export function objectFinder(): SegmentationAssistant {
  const colours = new ColourAssistant();
  if (__OPENCV__ === null || typeof Worker === 'undefined') return colours;
  const library = new URL(`${import.meta.env.BASE_URL}${__OPENCV__}`, location.href).href;
  finder ??= later(async () => (await import('./grabCutFinder')).grabCutFinder(library, colours), colours);
  return finder;
}

/** An assistant whose code is fetched when its tool is taken up; where it cannot be, another one works. */
export function later(
  load: () => Promise<SegmentationAssistant>,
  otherwise: SegmentationAssistant,
): SegmentationAssistant {
  let loading: Promise<SegmentationAssistant> | null = null;
  const loaded = () => {
    loading ??= load().catch(() => {
      // Perhaps the network is back the next time.
      loading = null;
      return otherwise;
    });
    return loading;
  };
  return {
    name: 'later',
    prepare: () => void loaded().then((assistant) => assistant.prepare?.()),
    segment: async (...asked) => (await loaded()).segment(...asked),
  };
}
