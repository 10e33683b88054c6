/** Whether the help sheet is open: asked for by a key, a menu and the palette. */
let open = false;
const listeners = new Set<() => void>();

function set(value: boolean) {
  open = value;
  for (const listener of listeners) listener();
}

export const openHelp = () => set(true);
export const closeHelp = () => set(false);
export const isHelpOpen = () => open;
export function onHelp(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
