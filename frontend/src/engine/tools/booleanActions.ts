import type { Rings } from '../model/booleans';
import { shapeBounds } from '../model/bounds';
import { exchangeShape, removeShapes, shapeById } from '../model/document';
import { distance } from '../model/geometry';
import type { PolygonShape, Ring, Shape } from '../model/shapes';
import type { Point } from '../viewport';
import type { Refusal, ToolContext } from './tool';

/** Cutting, slicing and merging what is chosen. Each is one step of history; what is refused changes nothing. */

const loadBooleans = () => import('../model/booleans');

function polygonFrom(shape: Shape, rings: Rings, id: string = shape.id): PolygonShape {
  const { classKey, attributes, hidden, locked } = shape;
  return { kind: 'polygon', rings, id, classKey, attributes, hidden, locked };
}

/** The first part stays the shape it was, the others are new ones like it. */
function partsOf(context: ToolContext, shape: Shape, parts: readonly Rings[]): PolygonShape[] {
  return parts.map((rings, at) => {
    const { id } = at === 0 ? shape : context.make({ kind: 'polygon', rings });
    return polygonFrom(shape, rings, id);
  });
}

function refused(context: ToolContext, why: Refusal): false {
  context.refuse(why);
  return false;
}

type Split = (
  rings: Rings,
  booleans: Awaited<ReturnType<typeof loadBooleans>>,
  shape: Shape,
) => readonly Rings[] | Refusal;

/** Splits every chosen area that can be changed; all or none. */
async function splitChosen(context: ToolContext, label: string, split: Split): Promise<boolean> {
  const booleans = await loadBooleans().catch(() => null);
  if (!booleans) return refused(context, 'tool_failed');
  const areas = context.chosen.filter((shape) => context.editable(shape) && booleans.areaOf(shape));
  if (areas.length === 0) return refused(context, 'choose_polygon');
  let { document } = context;
  const selection: string[] = [];
  let missed = 0;
  for (const shape of areas) {
    const parts = split(booleans.areaOf(shape) ?? [], booleans, shape);
    if (parts === 'line_misses') missed += 1;
    else if (typeof parts === 'string') return refused(context, parts);
    const next = typeof parts === 'string' ? [shape] : partsOf(context, shape, parts);
    selection.push(...next.map(({ id }) => id));
    document = exchangeShape(document, shape.id, next);
  }
  if (missed === areas.length) return refused(context, 'line_misses');
  return context.commit(document, label, { selection });
}

/** Takes what lies in the ring out of the chosen areas: a hole, a bite, or two parts. */
export function cutOut(context: ToolContext, ring: Ring): Promise<boolean> {
  return splitChosen(context, 'cut', (rings, { without, common }) => {
    if (common(rings, [ring]).length === 0) return 'line_misses';
    const parts = without(rings, [ring]);
    return parts.length === 0 ? 'nothing_left' : parts;
  });
}

/** Cuts the chosen areas in two along the straight line through both points. */
export function slice(context: ToolContext, a: Point, b: Point): Promise<boolean> {
  if (distance(a, b) < 1e-9) return Promise.resolve(refused(context, 'line_misses'));
  return splitChosen(context, 'slice', (rings, { halves }, shape) => {
    const { left, right } = halves(rings, a, b, shapeBounds(shape));
    return left.length === 0 || right.length === 0 ? 'line_misses' : [...left, ...right];
  });
}

/** Makes one polygon of all chosen areas, in the place and with the class of the lowest. They must touch. */
export async function merge(context: ToolContext): Promise<boolean> {
  const booleans = await loadBooleans().catch(() => null);
  if (!booleans) return refused(context, 'tool_failed');
  const areas = context.chosen.filter((shape) => context.editable(shape) && booleans.areaOf(shape));
  const [first, ...others] = areas;
  if (!first || others.length === 0) return refused(context, 'choose_two_polygons');
  const rings = areas.flatMap((shape) => {
    const area = booleans.areaOf(shape);
    return area ? [area] : [];
  });
  const [lowest = [], ...rest] = rings;
  const [whole, ...apart] = booleans.joined(lowest, ...rest);
  if (!whole || apart.length > 0) return refused(context, 'polygons_apart');
  const left = removeShapes(context.document, new Set(others.map(({ id }) => id)));
  if (!shapeById(left, first.id)) return false;
  const document = exchangeShape(left, first.id, [polygonFrom(first, whole)]);
  return context.commit(document, 'merge', { selection: [first.id] });
}
