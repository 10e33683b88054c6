import type { Layer } from '@/shared/picture/ShapeOverlay';
import { CATEGORICAL } from '@/shared/ui/classColour';
import { shapesOf } from './answers';
import type { GivenAnswer } from './queries';

const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3]];

/** The colour of the annotator at a place in the list; past the eighth the line is another. */
export const colourAt = (place: number): string => CATEGORICAL[place % CATEGORICAL.length] ?? CATEGORICAL[0];

/** Everybody's shapes, each in the colour of who drew them. */
export function layersOf(answers: readonly GivenAnswer[], hidden: ReadonlySet<number>): Layer[] {
  return answers.flatMap((given, place) => {
    const shapes = shapesOf(given.answer);
    if (shapes.length === 0 || hidden.has(given.id)) return [];
    const dash = DASHES[Math.floor(place / CATEGORICAL.length) % DASHES.length] ?? [];
    return [{ id: given.id, colour: colourAt(place), dash, shapes }];
  });
}
