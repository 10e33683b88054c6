import type { Size } from '../viewport';
import type { Shape } from './shapes';

/** All shapes of one picture. The first is drawn first, so the last lies on top. Never changed, only replaced. */
export interface ShapeDocument extends Size {
  readonly shapes: readonly Shape[];
}

const places = new WeakMap<readonly Shape[], Map<string, number>>();

function placesOf(document: ShapeDocument): Map<string, number> {
  let map = places.get(document.shapes);
  if (!map) {
    map = new Map(document.shapes.map((shape, at) => [shape.id, at]));
    places.set(document.shapes, map);
  }
  return map;
}

export const emptyDocument = (size: Size): ShapeDocument => ({
  width: size.width,
  height: size.height,
  shapes: [],
});

export function shapeById(document: ShapeDocument, id: string): Shape | null {
  const at = placesOf(document).get(id);
  return at === undefined ? null : (document.shapes[at] ?? null);
}

/** The shapes with these ids from the lowest to the highest; ids of shapes that are gone are passed over. */
export function shapesById(document: ShapeDocument, ids: ReadonlySet<string>): Shape[] {
  const map = placesOf(document);
  return [...ids]
    .flatMap((id) => map.get(id) ?? [])
    .sort((a, b) => a - b)
    .flatMap((at) => document.shapes[at] ?? []);
}

export const withShapes = (document: ShapeDocument, shapes: readonly Shape[]): ShapeDocument => ({
  ...document,
  shapes,
});

/** On top of all others. Throws when an id is there already. */
export function addShapes(document: ShapeDocument, added: readonly Shape[]): ShapeDocument {
  const seen = new Set(placesOf(document).keys());
  for (const { id } of added) {
    if (seen.has(id)) throw new Error(`A shape with the id ${id} is there already.`);
    seen.add(id);
  }
  return added.length === 0 ? document : withShapes(document, [...document.shapes, ...added]);
}

/** Puts each shape where the one with its id is. The same document when nothing differs. */
export function replaceShapes(document: ShapeDocument, changed: readonly Shape[]): ShapeDocument {
  const map = placesOf(document);
  const shapes = [...document.shapes];
  let differs = false;
  for (const shape of changed) {
    const at = map.get(shape.id);
    if (at === undefined || shapes[at] === shape) continue;
    shapes[at] = shape;
    differs = true;
  }
  return differs ? withShapes(document, shapes) : document;
}

export function removeShapes(document: ShapeDocument, ids: ReadonlySet<string>): ShapeDocument {
  const left = document.shapes.filter((shape) => !ids.has(shape.id));
  return left.length === document.shapes.length ? document : withShapes(document, left);
}

/** Puts new shapes where an old one was, one step of the stack: what cutting a polygon in two does. */
export function exchangeShape(document: ShapeDocument, id: string, parts: readonly Shape[]): ShapeDocument {
  const at = placesOf(document).get(id);
  if (at === undefined) return document;
  return withShapes(document, document.shapes.toSpliced(at, 1, ...parts));
}

export type Restack = 'front' | 'back' | 'forward' | 'backward';

/** Moves shapes through the stack; among themselves they keep their order. */
export function restack(document: ShapeDocument, ids: ReadonlySet<string>, how: Restack): ShapeDocument {
  const moving = (shape: Shape) => ids.has(shape.id);
  const shapes = [...document.shapes];
  if (how === 'front' || how === 'back') {
    const picked = shapes.filter(moving);
    const rest = shapes.filter((shape) => !moving(shape));
    return settle(document, how === 'front' ? [...rest, ...picked] : [...picked, ...rest]);
  }
  const up = how === 'forward';
  const order = shapes.map((_, at) => (up ? shapes.length - 1 - at : at));
  for (const at of order) {
    const next = at + (up ? 1 : -1);
    const [shape, other] = [shapes[at], shapes[next]];
    if (shape && other && moving(shape) && !moving(other)) [shapes[at], shapes[next]] = [other, shape];
  }
  return settle(document, shapes);
}

function settle(document: ShapeDocument, shapes: Shape[]): ShapeDocument {
  return shapes.every((shape, at) => shape === document.shapes[at]) ? document : withShapes(document, shapes);
}
