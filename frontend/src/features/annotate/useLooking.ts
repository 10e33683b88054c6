import { type PointerEvent, useRef, type WheelEvent } from 'react';
import { dragged, turned } from './state/look';
import type { Stage } from './state/stage';

/** Alt and a drag, or Alt and the wheel, change how the picture is shown; nothing reaches what lies beneath. */
export function useLooking(stage: Stage, drawing: boolean) {
  const from = useRef<{ x: number; y: number } | null>(null);
  const onPointerDownCapture = (event: PointerEvent) => {
    // A tool that draws has its own use for Alt; there the wheel is left.
    if (!event.altKey || event.button !== 0 || drawing) return;
    event.stopPropagation();
    event.preventDefault();
    from.current = { x: event.clientX, y: event.clientY };
    event.currentTarget.setPointerCapture?.(event.pointerId);
  };
  const onPointerMoveCapture = (event: PointerEvent) => {
    if (!from.current) return;
    event.stopPropagation();
    stage.setLook(dragged(stage.look(), event.clientX - from.current.x, event.clientY - from.current.y));
    from.current = { x: event.clientX, y: event.clientY };
  };
  const end = (event: PointerEvent) => {
    if (!from.current) return;
    event.stopPropagation();
    from.current = null;
  };
  const onWheelCapture = (event: WheelEvent) => {
    if (!event.altKey) return;
    event.stopPropagation();
    stage.setLook(turned(stage.look(), event.deltaY || event.deltaX, event.shiftKey));
  };
  return {
    onPointerDownCapture,
    onPointerMoveCapture,
    onPointerUpCapture: end,
    onPointerCancelCapture: end,
    onWheelCapture,
  };
}
