import { vi } from 'vitest';

/** Waits until a check holds. A busy machine needs longer than the second that is the default. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 20_000 });
}
