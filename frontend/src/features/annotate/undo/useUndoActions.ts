import { useTranslation } from 'react-i18next';
import type { Action } from '@/actions/registry';
import { useActions } from '@/actions/useActions';
import { WORKBENCH_KEYS } from '@/actions/workbenchKeys';
import type { Timeline } from './Timeline';

/** What is done where nothing of this item is left to undo or redo. */
export type Beyond = Record<'undo' | 'redo', () => void>;

interface Options {
  timeline: Timeline;
  disabled?: boolean;
  beyond?: Beyond | undefined;
}

/** The keys of undo and redo, for everything that is done on an item. */
export function useUndoActions({ timeline, disabled = false, beyond }: Options): void {
  const { t } = useTranslation('annotate');
  const make = (way: 'undo' | 'redo'): Action => ({
    id: `workbench.${way}`,
    title: t(`action.${way}`),
    group: t('group.answer'),
    scope: WORKBENCH_KEYS[way].scope,
    keys: WORKBENCH_KEYS[way].keys,
    repeats: true,
    isEnabled: () => !disabled,
    perform: (_source, event) => {
      // A key that rests under a finger stops at the beginning of the item.
      if (!timeline[way]() && !event?.repeat) beyond?.[way]();
    },
  });
  useActions([make('undo'), make('redo')]);
}
