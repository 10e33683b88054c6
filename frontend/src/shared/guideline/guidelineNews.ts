/** The revision of each queue's instructions as the stream of tasks last told it: a change reaches who is at work. */

const revisions = new Map<string, number>();
const listeners = new Set<() => void>();

export const guidelineNews = {
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  revisionOf: (queue: string): number | null => revisions.get(queue) ?? null,
  tell: (queue: string, revision: number | undefined): void => {
    if (revision === undefined || revisions.get(queue) === revision) return;
    revisions.set(queue, revision);
    for (const listener of listeners) listener();
  },
};
