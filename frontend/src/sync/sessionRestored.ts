/** Says that a person has signed in again in place, so that what waited for it goes on. */
const listeners = new Set<() => void>();

export const sessionRestored = {
  announce(): void {
    for (const listener of listeners) listener();
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
