import type { SegmentationAssistant } from '@/engine/assist/assistant';

let finder: SegmentationAssistant | null = null;

/** Finds objects by their colours: with GrabCut where it is installed, else with the model that is built in. */
export function objectFinder(): SegmentationAssistant {
  finder ??= later(async () => (await import('./finders')).bestFinder());
  return finder;
}

/** An assistant whose code is fetched when its tool is taken up. */
export function later(load: () => Promise<SegmentationAssistant>): SegmentationAssistant {
  let loading: Promise<SegmentationAssistant> | null = null;
  const loaded = () => {
    loading ??= load().catch((error: unknown) => {
      // Perhaps the network is back the next time.
      loading = null;
      throw error;
    });
    return loading;
  };
  return {
    name: 'later',
    prepare: () => {
      loaded().then(
        (assistant) => assistant.prepare?.(),
        () => undefined,
      );
    },
    segment: async (...asked) => (await loaded()).segment(...asked),
  };
}
