import { registry } from './registry';
import { useRegisteredActions } from './useActions';
import { WORKBENCH_KEYS, type WorkbenchKey } from './workbenchKeys';

export const keysNow = (key: WorkbenchKey): readonly string[] =>
  registry.keysOf({ id: `workbench.${key}`, keys: WORKBENCH_KEYS[key].keys });

/** The key that does it now, a person's own and the preset heeded; empty where there is none. */
export function useKeyOf(key: WorkbenchKey): string {
  useRegisteredActions();
  return keysNow(key)[0] ?? '';
}
