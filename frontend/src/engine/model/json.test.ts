import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromDraft, toDraft } from '../draft';
import { documentIn, shapesIn } from '../testShapes';
import { shapesFromJson, shapesToJson } from './json';
import { makeShape } from './shapes';

test('what was written is read back the same, through text', () => {
  fc.assert(
    fc.property(shapesIn(), (shapes) => {
      const read = shapesFromJson(JSON.parse(JSON.stringify(shapesToJson(shapes))));
      expect(read.faults).toEqual([]);
      expect(read.shapes).toEqual(shapes);
    }),
  );
});

test('a draft brings back document and selection, and only for a picture of its size', () => {
  fc.assert(
    fc.property(documentIn(), (document) => {
      const draft = JSON.parse(JSON.stringify(toDraft(document, new Set(['s1']))));
      expect(fromDraft(draft, document)).toEqual({ document, selection: new Set(['s1']) });
      expect(fromDraft(draft, { width: 1, height: 1 })).toEqual({ refused: 'other_size' });
      expect(fromDraft({ ...draft, version: 2 }, document)).toEqual({ refused: 'other_version' });
    }),
  );
});

test('coordinates are written in hundredths, without minus zero, and attributes in one order', () => {
  const shape = {
    ...makeShape({ kind: 'box', x: 1.23456, y: -0.001, width: 2, height: 3.999 }, 'car', 'a'),
    attributes: { b: 1, a: true },
  };
  expect(JSON.stringify(shapesToJson([shape]))).toBe(
    '[{"id":"a","type":"box","class":"car","box":[1.23,0,2,4],"attributes":{"a":true,"b":1}}]',
  );
});

test('a mask is written as COCO writes it', () => {
  // The example of pycocotools: a 3 x 3 picture with its middle pixel set.
  const mask = { width: 3, height: 3, counts: [4, 1, 4] };
  const [json] = shapesToJson([makeShape({ kind: 'mask', mask }, 'car', 'm')]);
  expect(json?.rle).toEqual({ size: [3, 3], counts: '414' });
});

test.each([
  [null, 'not_a_list', undefined],
  [[3], 'not_a_shape', undefined],
  [[{ id: 'a', class: 'x', type: 'circle' }], 'unknown_type', 'type'],
  [[{ class: 'x', type: 'box', box: [1, 2, 3, 4] }], 'bad_field', 'id'],
  [[{ id: 'a', class: 'x', type: 'box', box: [1, 2, 3] }], 'bad_field', 'box'],
  [[{ id: 'a', class: 'x', type: 'box', box: [1, 2, 3, '4'] }], 'bad_field', 'box'],
  [[{ id: 'a', class: 'x', type: 'polygon', rings: [[1, 2, 3]] }], 'bad_field', 'rings'],
  [[{ id: 'a', class: 'x', type: 'keypoints', template: 't', points: [1, 2, 7] }], 'bad_field', 'points'],
  [[{ id: 'a', class: 'x', type: 'mask', rle: { size: [1], counts: '1' } }], 'bad_field', 'rle'],
  [[{ id: 'a', class: 'x', type: 'mask', rle: { size: [1, 1], counts: ' ' } }], 'bad_field', 'rle'],
  [
    [{ id: 'a', class: 'x', type: 'point', points: [1, 1], attributes: { n: { a: 1 } } }],
    'bad_field',
    'attributes.n',
  ],
])('unreadable: %j', (value, code, field) => {
  const { shapes, faults } = shapesFromJson(value);
  expect(shapes).toEqual([]);
  expect(faults[0]?.code).toBe(code);
  expect(faults[0]?.field).toBe(field);
});

test('one bad shape does not cost the others', () => {
  const good = { id: 'b', type: 'point', class: 'car', points: [1, 2] };
  const { shapes, faults } = shapesFromJson([{ id: 'a' }, good]);
  expect(shapes.map((shape) => shape.id)).toEqual(['b']);
  expect(faults).toEqual([{ index: 0, code: 'bad_field', field: 'class' }]);
});
