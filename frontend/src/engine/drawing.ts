import type { Claim, PointerMoment } from './input';
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

/** Who draws. */
export interface Drawing {
  /** True while the space bar is held: then the pointer pans all the same. */
  readonly panning: boolean;
  pointer(phase: 'down' | 'move' | 'up', input: PointerInput): void;
  /** A second finger has come down, or the pointer was lost: what was begun is not meant. */
  cancel(): void;
  leave(): void;
}

/** Two presses within this time and distance are a double click. */
const DOUBLE_MS = 350;
const DOUBLE_PIXELS = 6;

/** Counts presses that follow each other on one spot. */
class Clicks {
  private at = Number.NEGATIVE_INFINITY;
  private where: Point = { x: 0, y: 0 };
  count = 0;

  press(where: Point, time: number): void {
    const near = Math.hypot(where.x - this.where.x, where.y - this.where.y) < DOUBLE_PIXELS;
    this.count = near && time - this.at < DOUBLE_MS ? this.count + 1 : 1;
    this.at = time;
    this.where = where;
  }
}

const typeOf = ({ pointerType }: PointerEvent): PointerInput['type'] =>
  pointerType === 'pen' || pointerType === 'touch' ? pointerType : 'mouse';

/** Claims the pointer for a drawing: the first button, as long as no second finger comes down. */
export function claimFor(drawing: Drawing): Claim {
  const clicks = new Clicks();
  /** The pointer that draws. */
  let drawn: number | null = null;

  const inputOf = (event: PointerEvent, screen: Point): PointerInput => ({
    screen,
    type: typeOf(event),
    // A pen that hardly touches says 0 and means it.
    pressure: event.pointerType === 'pen' ? event.pressure : event.pressure || 0.5,
    shift: event.shiftKey,
    alt: event.altKey,
    ctrl: event.ctrlKey || event.metaKey,
    clicks: clicks.count,
  });

  const down = (event: PointerEvent, { screen, pointers }: PointerMoment): boolean => {
    if (drawn !== null) {
      drawn = null;
      drawing.cancel();
      return false;
    }
    if (drawing.panning || event.button !== 0 || pointers > 1) return false;
    clicks.press(screen, event.timeStamp);
    drawn = event.pointerId;
    drawing.pointer('down', inputOf(event, screen));
    return true;
  };

  const move = (event: PointerEvent, { screen, pressed }: PointerMoment): boolean => {
    if (drawn !== event.pointerId && pressed) return false;
    // A pen or a fast mouse reports more places than there are frames; a brush wants them all.
    const all = (pressed && event.getCoalescedEvents?.()) || [];
    for (const part of all.length > 0 ? all : [event]) {
      const [dx, dy] = [part.clientX - event.clientX, part.clientY - event.clientY];
      drawing.pointer('move', inputOf(part, { x: screen.x + dx, y: screen.y + dy }));
    }
    return true;
  };

  return (phase, event, moment) => {
    switch (phase) {
      case 'down':
        return down(event, moment);
      case 'move':
        return move(event, moment);
      case 'leave':
        drawing.leave();
        return true;
      case 'up':
      case 'cancel':
        if (drawn !== event.pointerId) return false;
        drawn = null;
        if (phase === 'cancel') drawing.cancel();
        else drawing.pointer('up', inputOf(event, moment.screen));
        return true;
    }
  };
}
