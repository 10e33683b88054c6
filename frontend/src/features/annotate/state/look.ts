/** How the picture is shown, for this sitting: nothing of it changes the picture or an answer. */
export interface Look {
  /** 1 is as it is. */
  brightness: number;
  contrast: number;
}

export const PLAIN: Look = { brightness: 1, contrast: 1 };
export const LEAST = 0.2;
export const MOST = 3;
/** Of the scale, a pixel of dragging and a turn of the wheel. */
const A_PIXEL = 0.005;
const A_TURN = 0.001;

const within = (value: number) => Math.min(MOST, Math.max(LEAST, Math.round(value * 1000) / 1000));

export const isPlain = ({ brightness, contrast }: Look) => brightness === 1 && contrast === 1;

/** Right is more contrast, up is brighter, as on the screens of radiologists. */
export const dragged = (look: Look, dx: number, dy: number): Look => ({
  brightness: within(look.brightness - dy * A_PIXEL),
  contrast: within(look.contrast + dx * A_PIXEL),
});

export const turned = (look: Look, delta: number, contrast: boolean): Look =>
  contrast
    ? { ...look, contrast: within(look.contrast - delta * A_TURN) }
    : { ...look, brightness: within(look.brightness - delta * A_TURN) };

/** As a CSS filter of the canvas that holds the picture; shapes keep their colours. */
export const filterOf = (look: Look): string =>
  isPlain(look) ? '' : `brightness(${look.brightness}) contrast(${look.contrast})`;
