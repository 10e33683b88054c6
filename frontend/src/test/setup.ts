import '@testing-library/jest-dom/vitest';
import 'fake-indexeddb/auto';
import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach } from 'vitest';
import { i18n, namespaces, startI18n } from '@/app/i18n';

// What jsdom lacks and Mantine or the engine ask for.
window.matchMedia = (query: string) => ({
  matches: false,
  media: query,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  addListener: () => undefined,
  removeListener: () => undefined,
  dispatchEvent: () => false,
  onchange: null,
});
class NoResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
window.ResizeObserver = NoResizeObserver;
class BlankCanvas {
  getContext() {
    return null;
  }
}
Object.assign(window, { OffscreenCanvas: BlankCanvas });
window.scrollTo = () => undefined;
window.HTMLElement.prototype.scrollIntoView = () => undefined;

await startI18n('en');
await i18n.loadNamespaces(namespaces);

// A page is awaited, not timed: a busy machine needs longer than the second that is the default.
configure({ asyncUtilTimeout: 20_000 });

afterEach(cleanup);

// A change of colours, also the one on leaving a page, ends with a timer of Mantine's that still needs the document.
const later = globalThis.setTimeout;
afterAll(() => new Promise<void>((resolve) => void later(resolve, 60)));

// jsdom has no font loading; the growing text field asks for it.
if (!('fonts' in document)) {
  Object.defineProperty(document, 'fonts', { value: new EventTarget() });
}
