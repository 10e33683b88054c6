import fc from 'fast-check';
import { encode, type Patch, patchOf } from './mask/rle';
import type { ShapeDocument } from './model/document';
import { hundredths } from './model/json';
import type { Geometry, Ring, RunLengths, Shape, SkeletonTemplate } from './model/shapes';
import type { Point } from './viewport';

/** Shapes for property tests: all valid, inside a picture of this size, in hundredths of a pixel. */
export const SIZE = { width: 200, height: 120 };

export const PERSON: SkeletonTemplate = {
  key: 'person',
  names: ['head', 'left hand', 'right hand'],
  edges: [
    [0, 1],
    [0, 2],
  ],
  layout: [
    { x: 0.5, y: 0 },
    { x: 0, y: 1 },
    { x: 1, y: 1 },
  ],
};

const within = (min: number, max: number) =>
  fc.integer({ min: Math.round(min * 100), max: Math.round(max * 100) }).map((n) => n / 100);

export const pointIn: fc.Arbitrary<Point> = fc.record({
  x: within(0, SIZE.width),
  y: within(0, SIZE.height),
});

/** A star around a centre never crosses itself. */
function star(cx: number, cy: number, least: number, most: number): fc.Arbitrary<Point[]> {
  return fc.array(within(least, most), { minLength: 5, maxLength: 12 }).map((radii) =>
    radii.map((radius, i) => {
      const angle = (2 * Math.PI * i) / radii.length;
      return { x: hundredths(cx + radius * Math.cos(angle)), y: hundredths(cy + radius * Math.sin(angle)) };
    }),
  );
}

const box = fc
  .tuple(within(0, SIZE.width - 20), within(0, SIZE.height - 20), within(1, 20), within(1, 20))
  .map(([x, y, width, height]): Geometry => ({ kind: 'box', x, y, width, height }));

const rotated = fc
  .tuple(within(20, 180), within(20, 100), within(1, 20), within(1, 20), within(-179.99, 180))
  .map(([cx, cy, width, height, angle]): Geometry => ({ kind: 'rotated_box', cx, cy, width, height, angle }));

const polygon = fc
  .tuple(within(32, 168), within(32, 88))
  .chain(([cx, cy]) => fc.tuple(star(cx, cy, 12, 30), fc.option(star(cx, cy, 2, 5), { nil: null })))
  .map(([outline, hole]): Geometry => ({ kind: 'polygon', rings: hole ? [outline, hole] : [outline] }));

const polyline = fc
  .array(pointIn, { minLength: 2, maxLength: 9 })
  .map((points): Geometry => ({ kind: 'polyline', points }));

const point = pointIn.map((at): Geometry => ({ kind: 'point', ...at }));

const keypoints = fc
  .array(fc.tuple(pointIn, fc.constantFrom<0 | 1 | 2>(0, 1, 2)), { minLength: 3, maxLength: 3 })
  .map(
    (all): Geometry => ({
      kind: 'keypoints',
      template: 'person',
      points: all.map(([at, v], i) => {
        const visibility = i === 0 ? 2 : v;
        return visibility === 0 ? { x: 0, y: 0, visibility } : { ...at, visibility };
      }),
    }),
  );

export const maskIn: fc.Arbitrary<RunLengths> = fc
  .tuple(
    fc.integer({ min: 0, max: SIZE.width - 12 }),
    fc.integer({ min: 0, max: SIZE.height - 9 }),
    fc.array(fc.constantFrom(0, 1), { minLength: 108, maxLength: 108 }),
  )
  .map(([x, y, bits]) => {
    const patch = patchOf(x, y, 12, 9);
    patch.data.set(bits);
    patch.data[0] = 1;
    return encode(patch, SIZE.width, SIZE.height);
  });

const mask = maskIn.map((runs): Geometry => ({ kind: 'mask', mask: runs }));

export const geometryIn = fc.oneof(box, rotated, polygon, polyline, point, keypoints, mask);

const attribute = fc.oneof(fc.string(), fc.boolean(), fc.integer(), fc.array(fc.string(), { maxLength: 3 }));

const saying = fc.record({
  classKey: fc.constantFrom('car', 'person', 'tree'),
  attributes: fc.dictionary(fc.constantFrom('colour', 'occluded', 'count'), attribute, {
    noNullPrototype: true,
  }),
  hidden: fc.boolean(),
  locked: fc.boolean(),
});

export const shapesIn = (maxLength = 12): fc.Arbitrary<Shape[]> =>
  fc
    .array(fc.tuple(geometryIn, saying), { maxLength })
    .map((all) => all.map(([geometry, common], i): Shape => ({ id: `s${i}`, ...common, ...geometry })));

export const documentIn = (maxLength = 12): fc.Arbitrary<ShapeDocument> =>
  shapesIn(maxLength).map((shapes) => ({ ...SIZE, shapes }));

/**
 * The ink inside a polygon, by the middles of the pixels. Counts cuts, even or odd, and so agrees with what traces outlines
 * and with `fillRing`, which adds up windings, only where both are right.
 */
export function fromPolygon(rings: readonly Ring[], width: number, height: number): Patch {
  const patch = patchOf(0, 0, width, height);
  for (let y = 0; y < height; y += 1) {
    const cuts: number[] = [];
    for (const ring of rings) {
      let a = ring[ring.length - 1];
      for (const b of ring) {
        const middle = y + 0.5;
        if (a && a.y > middle !== b.y > middle) cuts.push(a.x + ((b.x - a.x) * (middle - a.y)) / (b.y - a.y));
        a = b;
      }
    }
    cuts.sort((p, q) => p - q);
    for (let i = 0; i + 1 < cuts.length; i += 2) {
      const from = Math.max(0, Math.ceil((cuts[i] ?? 0) - 0.5));
      const to = Math.min(width, Math.ceil((cuts[i + 1] ?? 0) - 0.5));
      if (to > from) patch.data.fill(1, y * width + from, y * width + to);
    }
  }
  return patch;
}
