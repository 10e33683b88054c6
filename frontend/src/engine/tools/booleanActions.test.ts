import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { Editor } from '../editor';
import { areaOf } from '../list';
import { common, joined, type Rings, without } from '../model/booleans';
import { makeShape, type Ring } from '../model/shapes';
import { validate } from '../model/validate';
import { click, drag, press } from '../testHand';
import { SIZE, shapesIn } from '../testShapes';
import { cutOut, merge, slice } from './booleanActions';

let editor: Editor;
let refusals: string[];
const square = (x: number, y: number, side: number): Ring => [
  { x, y },
  { x: x + side, y },
  { x: x + side, y: y + side },
  { x, y: y + side },
];
const polygon = (id: string, ...rings: Ring[]) => makeShape({ kind: 'polygon', rings }, 'car', id);
const total = () => editor.document.shapes.reduce((sum, shape) => sum + (areaOf(shape) ?? 0), 0);
const settle = () => new Promise((resolve) => setTimeout(resolve, 50));

beforeEach(() => {
  editor = new Editor();
  editor.open({ ...SIZE, shapes: [polygon('a', square(20, 20, 60)), polygon('b', square(70, 30, 40))] });
  refusals = [];
  editor.onComplaint(({ why }) => refusals.push(why));
});

test('the ring that is drawn becomes a hole, in one step', async () => {
  await import('../model/booleans');
  editor.select(['a']);
  editor.use('cut');
  for (const [x, y] of [
    [30, 30],
    [50, 30],
    [50, 50],
  ] as const)
    click(editor, x, y);
  press(editor, 'Enter');
  await settle();
  expect(editor.document.shapes[0]).toMatchObject({ id: 'a', rings: [expect.anything(), expect.anything()] });
  expect(total()).toBeCloseTo(3600 - 200 + 1600, 1);
  editor.undo();
  expect(total()).toBe(5200);
});

test('a cut across makes two, the first keeps its id and both their class', async () => {
  editor.select(['a']);
  expect(
    await cutOut(editor, [
      { x: 0, y: 45 },
      { x: 100, y: 45 },
      { x: 100, y: 55 },
      { x: 0, y: 55 },
    ]),
  ).toBe(true);
  expect(editor.document.shapes).toHaveLength(3);
  expect(editor.document.shapes[0]).toMatchObject({ id: 'a', classKey: 'car' });
  expect(total()).toBeCloseTo(3600 - 600 + 1600, 1);
});

test('slicing loses nothing', async () => {
  await import('../model/booleans');
  editor.select(['a', 'b']);
  editor.use('slice');
  drag(editor, [
    [0, 37],
    [60, 43],
    [150, 57],
  ]);
  await settle();
  expect(editor.document.shapes).toHaveLength(4);
  expect(total()).toBeCloseTo(5200, 0);
  expect(validate(editor.document)).toEqual([]);
});

test('merging takes the overlap once; what does not touch is refused', async () => {
  editor.select(['a', 'b']);
  expect(await merge(editor)).toBe(true);
  expect(editor.document.shapes).toHaveLength(1);
  expect(total()).toBeCloseTo(3600 + 1600 - 400, 1);
  editor.open({ ...SIZE, shapes: [polygon('a', square(0, 0, 10)), polygon('b', square(50, 50, 10))] });
  editor.select(['a', 'b']);
  expect(await merge(editor)).toBe(false);
  expect(refusals).toEqual(['polygons_apart']);
});

test('what cannot be done says why and changes nothing', async () => {
  const before = editor.document;
  expect(await slice(editor, { x: 0, y: 0 }, { x: 10, y: 10 })).toBe(false);
  editor.select(['a']);
  expect(await slice(editor, { x: 0, y: 110 }, { x: 100, y: 110 })).toBe(false);
  expect(await cutOut(editor, square(100, 90, 10))).toBe(false);
  expect(await cutOut(editor, square(10, 10, 100))).toBe(false);
  expect(await merge(editor)).toBe(false);
  expect(refusals).toEqual([
    'choose_polygon',
    'line_misses',
    'line_misses',
    'nothing_left',
    'choose_two_polygons',
  ]);
  expect(editor.document).toBe(before);
});

test('areas: both together are the union and what they share', () => {
  const stars = shapesIn(8).map((shapes) =>
    shapes.flatMap((shape): Rings[] => (shape.kind === 'polygon' ? [shape.rings] : [])),
  );
  const area = (parts: readonly Rings[]) =>
    parts.reduce((sum, rings) => sum + (areaOf(makeShape({ kind: 'polygon', rings }, 'car', 'x')) ?? 0), 0);
  fc.assert(
    fc.property(stars, ([a, b]) => {
      fc.pre(a !== undefined && b !== undefined);
      const [first, second] = [a ?? [], b ?? []];
      expect(area(joined(first, second)) + area(common(first, second))).toBeCloseTo(
        area([first]) + area([second]),
        -0.5,
      );
      expect(area(without(first, second)) + area(common(first, second))).toBeCloseTo(area([first]), -0.5);
    }),
    { numRuns: 60 },
  );
});
