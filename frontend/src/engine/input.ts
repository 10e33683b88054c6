import type { Point } from './viewport';

export interface Gestures {
  pan(dx: number, dy: number): void;
  zoom(factor: number, anchor: Point): void;
  toggleZoom(anchor: Point): void;
  /** Asked first; true takes the pointer away from panning. */
  claim?: Claim;
}

export interface PointerMoment {
  readonly screen: Point;
  /** Whether the pointer had come down before. */
  readonly pressed: boolean;
  /** How many are down. */
  readonly pointers: number;
}

export type Claim = (
  phase: 'down' | 'move' | 'up' | 'cancel' | 'leave',
  event: PointerEvent,
  moment: PointerMoment,
) => boolean;

const WHEEL_SPEED = 0.0016;

const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

/** Turns wheel, drag, pinch and double click on an element into gestures. Returns the function that stops it. */
export function listen(element: HTMLElement, gestures: Gestures): () => void {
  const pointers = new Map<number, Point>();
  const here = (event: MouseEvent): Point => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  const claimed = (
    phase: Parameters<Claim>[0],
    event: PointerEvent,
    pressed: boolean,
    screen = here(event),
  ) => gestures.claim?.(phase, event, { screen, pressed, pointers: pointers.size }) ?? false;

  const handleWheel = (event: WheelEvent) => {
    event.preventDefault();
    // A line is about 16 pixels, a page about a screen.
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
    // A pinch on a touch pad arrives as a wheel with Ctrl and small steps.
    const speed = event.ctrlKey ? WHEEL_SPEED * 6 : WHEEL_SPEED;
    gestures.zoom(Math.exp(-event.deltaY * unit * speed), here(event));
  };

  const handleDown = (event: PointerEvent) => {
    if (event.button !== 0 && event.button !== 1) return;
    element.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, here(event));
    if (!claimed('down', event, false)) element.dataset.dragging = 'true';
  };

  const handleMove = (event: PointerEvent) => {
    const before = pointers.get(event.pointerId);
    const now = here(event);
    if (before) pointers.set(event.pointerId, now);
    if (claimed('move', event, before !== undefined, now) || !before) return;
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const was = middle(before, other);
      const is = middle(now, other);
      gestures.pan(is.x - was.x, is.y - was.y);
      gestures.zoom(distance(now, other) / Math.max(1, distance(before, other)), is);
    } else {
      gestures.pan(now.x - before.x, now.y - before.y);
    }
  };

  const handleUp = (event: PointerEvent) => {
    pointers.delete(event.pointerId);
    if (pointers.size === 0) delete element.dataset.dragging;
    claimed(event.type === 'pointercancel' ? 'cancel' : 'up', event, true);
  };

  const handleLeave = (event: PointerEvent) => claimed('leave', event, false);

  const handleDouble = (event: MouseEvent) => gestures.toggleZoom(here(event));

  const abort = new AbortController();
  const { signal } = abort;
  element.addEventListener('wheel', handleWheel, { passive: false, signal });
  element.addEventListener('pointerdown', handleDown, { signal });
  element.addEventListener('pointermove', handleMove, { signal });
  element.addEventListener('pointerup', handleUp, { signal });
  element.addEventListener('pointercancel', handleUp, { signal });
  element.addEventListener('pointerleave', handleLeave, { signal });
  element.addEventListener('dblclick', handleDouble, { signal });
  return () => abort.abort();
}
