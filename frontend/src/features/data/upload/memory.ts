import type { Memory } from './uploader';

/** In the browser's own store; without one (private mode, full disk) an upload simply starts again after a reload. */
export function uploadMemory(project: string): Memory {
  const key = `touchstone.uploads.${project}`;
  return {
    read: () => {
      try {
        return JSON.parse(localStorage.getItem(key) ?? '{}') as Record<string, string>;
      } catch {
        return {};
      }
    },
    write: (known) => {
      try {
        localStorage.setItem(key, JSON.stringify(known));
      } catch {
        localStorage.removeItem(key);
      }
    },
  };
}
