import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { type Action, registry } from './registry';

/**
 * Registers actions while the component is shown. The list may be rebuilt on each render: titles and keys are
 * registered anew only when they change, and `perform` and `isEnabled` are always the latest.
 */
export function useActions(actions: readonly Action[]): void {
  const latest = useRef(actions);
  latest.current = actions;
  const shape = JSON.stringify(
    actions.map((a) => [a.id, a.title, a.description, a.scope, a.group, a.keys, a.palette]),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for the list
  const stable = useMemo(
    () =>
      actions.map(
        (action, index): Action => ({
          ...action,
          perform: (source, event) => latest.current[index]?.perform(source, event),
          isEnabled: () => latest.current[index]?.isEnabled?.() !== false,
        }),
      ),
    [shape],
  );
  useEffect(() => registry.register(stable), [stable]);
}

export function useRegisteredActions(): readonly Action[] {
  return useSyncExternalStore(registry.subscribe, registry.actions);
}

/** Listens for keys; once, near the root. */
export function useKeyboard(): void {
  useEffect(() => {
    window.addEventListener('keydown', registry.handleKey);
    return () => window.removeEventListener('keydown', registry.handleKey);
  }, []);
}
