import { type KeyboardEvent, useRef } from 'react';
import { sequencesOf } from '@/actions/keymap';
import { keysNow } from '@/actions/useKeyOf';
import type { Timeline } from './Timeline';

/**
 * Whose the keys of undo are in a field: the browser's once something was typed there, and until then those of all that was
 * done, for the cursor comes into fields by itself.
 */
export function useFieldUndo(timeline: Timeline) {
  const typed = useRef(false);
  return {
    onFocus: () => {
      typed.current = false;
    },
    onTyped: () => {
      typed.current = true;
    },
    /** Whether the key was one of undo or redo, and something was taken back or done again. */
    take: (event: KeyboardEvent<HTMLElement>): boolean => {
      if (typed.current) return false;
      const pressed = sequencesOf(event.nativeEvent);
      const way = (['undo', 'redo'] as const).find((one) =>
        keysNow(one).some((key) => pressed.includes(key)),
      );
      if (!way || !timeline[way]()) return false;
      event.preventDefault();
      return true;
    },
  };
}
