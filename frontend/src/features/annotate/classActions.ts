import type { Action } from '@/actions/registry';
import type { ClassIndex } from '@/shared/classes/ClassIndex';

/** The keys that the classes have, wherever one answers. */
export function classActions(
  index: ClassIndex,
  group: string,
  pick: (classKey: string, event?: KeyboardEvent) => void,
  isEnabled: () => boolean = () => true,
): Action[] {
  return index.entries.flatMap(({ key, name, hotkey }) =>
    hotkey
      ? {
          id: `workbench.class.${hotkey}`,
          title: name,
          group,
          scope: 'workbench.choice',
          keys: [hotkey],
          palette: false,
          isEnabled,
          perform: (_source, event) => pick(key, event),
        }
      : [],
  );
}
