import type { Shape } from '../model/shapes';

/** How a class is drawn. Past the eighth class colours return with another line, so that colour is never all there is. */
export interface Look {
  /** `#rrggbb` */
  readonly colour: string;
  /** Lengths in pixels of the screen; empty is a whole line. */
  readonly dash: readonly number[];
}

export type LookOf = (shape: Shape) => Look;

const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

/**
 * `palette` is the eight colours of the application, which colour-blind people can tell apart (`shared/ui/classColour`);
 * `order` the keys of the label schema in its order. `colourOf` overrules the colour (retired classes, heat of a score).
 */
export function classLooks(
  order: readonly string[],
  palette: readonly string[],
  colourOf?: (classKey: string) => string,
): LookOf {
  const looks = new Map<string, Look>();
  const places = new Map(order.map((key, at) => [key, at]));
  return ({ classKey }) => {
    let look = looks.get(classKey);
    if (!look) {
      const at = places.get(classKey) ?? order.length;
      const turn = Math.floor(at / palette.length) % DASHES.length;
      const colour = classKey === '' ? '#9aa0a6' : (palette[at % palette.length] ?? '#9aa0a6');
      look = { colour: colourOf?.(classKey) ?? colour, dash: DASHES[turn] ?? [] };
      looks.set(classKey, look);
    }
    return look;
  };
}

/** The colour with an opacity between 0 and 1, as `#rrggbbaa`. */
export function faded(colour: string, opacity: number): string {
  return `${colour}${Math.round(opacity * 255)
    .toString(16)
    .padStart(2, '0')}`;
}
