import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areaOf, regionOf, shapeLines } from './list';
import { makeShape, type Shape } from './model/shapes';
import { documentIn, fromPolygon, SIZE } from './testShapes';

test('one line for every shape, the topmost first, none of it left empty', () => {
  fc.assert(
    fc.property(documentIn(), (document) => {
      const lines = shapeLines(document, new Set(['s1']));
      expect(lines.map((line) => line.id)).toEqual(document.shapes.map((shape) => shape.id).reverse());
      expect(lines.map((line) => line.number)).toEqual(lines.map((_, at) => at + 1));
      expect(lines.filter((line) => line.chosen).map((line) => line.id)).toEqual(
        document.shapes.length > 1 ? ['s1'] : [],
      );
      for (const line of lines) {
        expect([line.left, line.top, line.width, line.height].every(Number.isFinite)).toBe(true);
        expect(line.share === null || (line.share > 0 && line.share <= 1)).toBe(true);
      }
    }),
  );
});

test('what a line says', () => {
  const box: Shape = {
    ...makeShape({ kind: 'box', x: 150.4, y: 90, width: 20, height: 12 }, 'car', 'a'),
    attributes: { parked: true },
    locked: true,
  };
  expect(shapeLines({ ...SIZE, shapes: [box] }, new Set())).toEqual([
    {
      id: 'a',
      number: 1,
      of: 1,
      kind: 'box',
      classKey: 'car',
      attributes: { parked: true },
      region: 'bottom_right',
      left: 150,
      top: 90,
      width: 20,
      height: 12,
      share: 0.01,
      points: null,
      holes: 0,
      hidden: false,
      locked: true,
      chosen: false,
    },
  ]);
});

test('the area of a polygon is what its pixels count, holes taken off', () => {
  fc.assert(
    fc.property(documentIn(), ({ shapes }) => {
      for (const shape of shapes) {
        if (shape.kind !== 'polygon') continue;
        const ink = fromPolygon(shape.rings, SIZE.width, SIZE.height).data.reduce((sum, bit) => sum + bit, 0);
        // Counting middles of pixels errs by about a pixel along the outline.
        expect(Math.abs((areaOf(shape) ?? 0) - ink)).toBeLessThan(60);
      }
    }),
  );
});

test('regions', () => {
  expect(regionOf(0, 0)).toBe('top_left');
  expect(regionOf(0.5, 0.5)).toBe('middle');
  expect(regionOf(1, 1)).toBe('bottom_right');
  expect(regionOf(0.9, 0.1)).toBe('top_right');
});
