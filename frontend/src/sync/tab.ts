import { uuid } from '@/shared/uuid';

const STORE = 'touchstone.tab';

function claim(): string {
  // A duplicated tab copies the session store: the id is taken out while the page lives and put back when it goes, so
  // that a reload keeps its leases and a copy gets an id of its own.
  const known = sessionStorage.getItem(STORE);
  sessionStorage.removeItem(STORE);
  const id = known ?? uuid();
  window.addEventListener('pagehide', () => sessionStorage.setItem(STORE, id));
  window.addEventListener('pageshow', () => sessionStorage.removeItem(STORE));
  return id;
}

let id: string | null = null;

/** This tab, for the server: leases belong to a tab. */
export function tabId(): string {
  id ??= claim();
  return id;
}
