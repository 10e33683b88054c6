import type { Shape } from '@/engine/model/shapes';
import type { Fault } from '@/engine/model/validate';
import { attributesFor, type ShapesQuestion } from './question';

/** What keeps shapes from being sent: the engine's faults, and those that the question knows besides. */
export type DeskFault =
  | Fault
  | {
      readonly code: 'nothing_drawn' | 'too_many_shapes';
      readonly shapeId: null;
      readonly index: -1;
      readonly count?: number;
    }
  | {
      readonly code: 'attribute_missing';
      readonly shapeId: string;
      readonly index: number;
      readonly attribute: string;
    };

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** Attributes that have to be given and are not. */
export function missingAttributes(
  question: Pick<ShapesQuestion, 'attributes'>,
  shapes: readonly Shape[],
  above: (classKey: string) => readonly string[],
): DeskFault[] {
  if (!question.attributes.some(({ required }) => required)) return [];
  return shapes.flatMap(({ id, classKey, attributes }, index) =>
    attributesFor(question, classKey, above(classKey))
      .filter(({ key, required }) => required && isEmpty(attributes[key]))
      .map(({ key }): DeskFault => ({ code: 'attribute_missing', shapeId: id, index, attribute: key })),
  );
}

/** The shape with the attributes that its class carries now and that were given. */
export function carriedBy(
  question: Pick<ShapesQuestion, 'attributes'>,
  shape: Shape,
  above: readonly string[],
): Shape {
  const keys = new Set(attributesFor(question, shape.classKey, above).map(({ key }) => key));
  const given = Object.entries(shape.attributes).filter(([key, value]) => keys.has(key) && !isEmpty(value));
  return { ...shape, attributes: Object.fromEntries(given) };
}
