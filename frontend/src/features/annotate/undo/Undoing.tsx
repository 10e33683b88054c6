import { useSyncExternalStore } from 'react';
import type { WorkSession } from '../state/session';
import { timelineOf } from './Timeline';
import { UndoButtons } from './UndoButtons';
import { useUndoActions } from './useUndoActions';

interface Props {
  session: WorkSession;
  /** Reasons to skip take the keys. */
  skipping: boolean;
  /** A key answers here and brings the next item: undoing that is going back to it. */
  goesBack: boolean;
  /** False where the buttons stand elsewhere. */
  shown: boolean;
}

/** Undo and redo of all that is done on the item on the table. */
export function Undoing({ session, skipping, goesBack, shown }: Props) {
  const timeline = timelineOf(session);
  const { back, canGoBack } = useSyncExternalStore(session.subscribe, session.snapshot);
  const previous = () => session.previous();
  const next = () => session.next();
  useUndoActions({
    timeline,
    disabled: skipping,
    beyond: goesBack ? { undo: previous, redo: next } : undefined,
  });
  if (!shown) return null;
  return (
    <UndoButtons
      timeline={timeline}
      disabled={skipping}
      beyond={{ undo: goesBack && canGoBack ? previous : null, redo: goesBack && back > 0 ? next : null }}
    />
  );
}
