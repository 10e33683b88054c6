import type { Point } from './viewport';

/** A pointer as tools want it: CSS pixels of the element, and what is held. */
export interface PointerInput {
  readonly screen: Point;
  readonly type: 'mouse' | 'pen' | 'touch';
  readonly pressure: number;
  readonly shift: boolean;
  readonly alt: boolean;
  readonly ctrl: boolean;
  readonly clicks: number;
}

/** Who draws. Where there is none, the first pointer pans. */
export interface Drawing {
  /** True while the space bar is held: then the pointer pans all the same. */
  readonly panning: boolean;
  pointer(phase: 'down' | 'move' | 'up', input: PointerInput): void;
  /** A second finger has come down, or the pointer was lost: what was begun is not meant. */
  cancel(): void;
  leave(): void;
}

export interface Gestures {
  pan(dx: number, dy: number): void;
  zoom(factor: number, anchor: Point): void;
  toggleZoom(anchor: Point): void;
  drawing?(): Drawing | null;
}

const WHEEL_SPEED = 0.0016;
/** Two presses within this time and distance are a double click. */
const DOUBLE_MS = 350;
const DOUBLE_PIXELS = 6;

const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

/** Counts presses that follow each other on one spot. */
class Clicks {
  private at = Number.NEGATIVE_INFINITY;
  private where: Point = { x: 0, y: 0 };
  count = 0;

  press(where: Point, time: number): void {
    const again = time - this.at < DOUBLE_MS && distance(where, this.where) < DOUBLE_PIXELS;
    this.count = again ? this.count + 1 : 1;
    this.at = time;
    this.where = where;
  }
}

const typeOf = (event: PointerEvent): PointerInput['type'] =>
  event.pointerType === 'pen' || event.pointerType === 'touch' ? event.pointerType : 'mouse';

/** Turns wheel, drag, pinch and double click on an element into gestures. Returns the function that stops it. */
export function listen(element: HTMLElement, gestures: Gestures): () => void {
  const pointers = new Map<number, Point>();
  const clicks = new Clicks();
  /** The pointer that draws, and for whom. */
  let drawn: { readonly id: number; readonly drawing: Drawing } | null = null;

  const here = (event: MouseEvent): Point => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const inputOf = (event: PointerEvent, screen: Point = here(event)): PointerInput => ({
    screen,
    type: typeOf(event),
    pressure: event.pressure || 0.5,
    shift: event.shiftKey,
    alt: event.altKey,
    ctrl: event.ctrlKey || event.metaKey,
    clicks: clicks.count,
  });

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
    const at = here(event);
    pointers.set(event.pointerId, at);
    const drawing = gestures.drawing?.() ?? null;
    if (drawn) {
      drawn.drawing.cancel();
      drawn = null;
    } else if (drawing && !drawing.panning && event.button === 0 && pointers.size === 1) {
      clicks.press(at, event.timeStamp);
      drawn = { id: event.pointerId, drawing };
      drawing.pointer('down', inputOf(event, at));
      return;
    }
    element.dataset.dragging = 'true';
  };

  /** A pen or a fast mouse reports more places than there are frames; a brush wants them all. */
  const draw = (event: PointerEvent, drawing: Drawing) => {
    const all = event.getCoalescedEvents?.() ?? [];
    for (const part of all.length > 0 ? all : [event]) drawing.pointer('move', inputOf(part));
  };

  const handleMove = (event: PointerEvent) => {
    const before = pointers.get(event.pointerId);
    if (!before) {
      gestures.drawing?.()?.pointer('move', inputOf(event));
      return;
    }
    const now = here(event);
    pointers.set(event.pointerId, now);
    if (drawn?.id === event.pointerId) {
      draw(event, drawn.drawing);
      return;
    }
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
    if (drawn?.id !== event.pointerId) return;
    const { drawing } = drawn;
    drawn = null;
    if (event.type === 'pointercancel') drawing.cancel();
    else drawing.pointer('up', inputOf(event));
  };

  const handleDouble = (event: MouseEvent) => {
    if (!gestures.drawing?.()) gestures.toggleZoom(here(event));
  };
  const handleLeave = () => gestures.drawing?.()?.leave();

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
