import { registry } from './registry';
import { useRegisteredActions } from './useActions';
import { WORKBENCH_KEYS, type WorkbenchKey } from './workbenchKeys';

export const keysNow = (key: WorkbenchKey): readonly string[] =>
  registry.keysOf({ id: `workbench.${key}`, keys: WORKBENCH_KEYS[key].keys });

/** The same for actions that are named by what they act on; `keys` are those given. */
export function useKeyById(): (id: string, keys: readonly string[]) => string {
  useRegisteredActions();
  return (id, keys) => registry.keysOf({ id, keys })[0] ?? '';
}

/** The key that does it now, a person's own and the preset heeded; empty where there is none. */
export function useKeyOf(key: WorkbenchKey): string {
  useRegisteredActions();
  return keysNow(key)[0] ?? '';
}
