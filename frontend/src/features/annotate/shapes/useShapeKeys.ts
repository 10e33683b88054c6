import { useEffect } from 'react';
import { isField } from '@/actions/registry';
import { nudge, selectNext } from '@/engine/commands';
import type { ShapeStage } from '@/engine/ShapeStage';
import type { Desk } from './Desk';

/**
 * Keys that belong to the hand before they are anybody else's: what the tool takes, Space to pan, arrows to nudge what is
 * chosen, Tab from shape to shape while the picture has the focus. All others are actions of the registry.
 */

const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const LEAP = 10;

interface Options {
  desk: Desk;
  shapeStage: ShapeStage | null;
  host: HTMLElement | null;
  enabled: boolean;
}

/** Keys that are meant for a shape that is still on its way: they are held back until it is there. */
const HELD = new Set(['Enter', 'NumpadEnter', 'Delete', 'Backspace', ...Object.keys(ARROWS)]);

/** True when the key comes again later. */
function holdKey({ editor }: Desk, event: KeyboardEvent): boolean {
  const { target } = event;
  if (!editor.errands.waiting || !HELD.has(event.code) || !target) return false;
  editor.errands.whenStill(() => target.dispatchEvent(new KeyboardEvent(event.type, event)));
  return true;
}

function takeKey({ desk, shapeStage, host }: Options, event: KeyboardEvent, free: boolean): boolean {
  const { editor } = desk;
  const { code, shiftKey: shift, altKey: alt } = event;
  const ctrl = event.ctrlKey || event.metaKey;
  const plain = !ctrl && !alt;
  if (code === 'Space') {
    if (!free || !shapeStage) return false;
    shapeStage.panning = true;
    return true;
  }
  if (!free && (code === 'Enter' || code === 'NumpadEnter' || code === 'Tab')) return false;
  if (plain && editor.key({ code, shift, alt, ctrl })) return true;
  const arrow = ARROWS[code];
  if (arrow && free && plain && editor.selection.size > 0) {
    const step = shift ? LEAP : 1;
    return nudge(editor, arrow[0] * step, arrow[1] * step);
  }
  if (code === 'Tab' && plain && host !== null && document.activeElement === host)
    return selectNext(editor, shift ? -1 : 1) !== null;
  if (code === 'Escape' && free) {
    desk.forget();
    // First it lets go of the shapes, then of the picture, so that Tab leads on.
    if (editor.selection.size > 0) editor.select([]);
    else host?.blur();
    return true;
  }
  return false;
}

export function useShapeKeys(options: Options): void {
  const { desk, shapeStage, host, enabled } = options;
  useEffect(() => {
    if (!enabled) return;
    const handleDown = (event: KeyboardEvent) => {
      const { target } = event;
      if (event.isComposing || isField(target) || !(target instanceof Element)) return;
      if (target.closest('[role="dialog"], [role="menu"], [role="listbox"]')) return;
      const free = target === document.body || target === host;
      const taken = free && holdKey(desk, event);
      if (!taken && !takeKey({ desk, shapeStage, host, enabled }, event, free)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    const handleUp = (event: KeyboardEvent) => {
      if (event.code === 'Space' && shapeStage) shapeStage.panning = false;
    };
    const options = { capture: true };
    window.addEventListener('keydown', handleDown, options);
    window.addEventListener('keyup', handleUp, options);
    return () => {
      window.removeEventListener('keydown', handleDown, options);
      window.removeEventListener('keyup', handleUp, options);
    };
  }, [desk, shapeStage, host, enabled]);
}
