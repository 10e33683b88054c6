import { expect, test } from 'vitest';
import { Unable } from '../assist/assistant';
import { ColourAssistant } from '../assist/ColourAssistant';
import { ownEyes } from '../assist/ownEyes';
import { Editor } from '../editor';
import { decode } from '../mask/rle';
import { shapeBounds } from '../model/bounds';
import { findCrossing } from '../model/crossing';
import { emptyDocument } from '../model/document';
import { signedArea } from '../model/geometry';
import type { Shape } from '../model/shapes';
import { click, drag, press } from '../testHand';
import type { Pixels } from './tool';

/** Tools on a picture that comes as tiles: they see a thinned part of it. */

const SIZE = { width: 8000, height: 7000 };
const PART = { x: 3000, y: 2000, step: 4, width: 300, height: 200 };

function partOf(grey: (i: number, j: number) => number): Pixels {
  const data = new Uint8ClampedArray(4 * PART.width * PART.height).fill(255);
  for (let j = 0; j < PART.height; j += 1)
    for (let i = 0; i < PART.width; i += 1) {
      const at = 4 * (j * PART.width + i);
      data.fill(grey(i, j), at, at + 3);
    }
  return { ...PART, data };
}

/** A bright disc of radius 160 around (3600, 2400) of the picture, in the samples of the part. */
const part = () =>
  partOf((i, j) => {
    const [x, y] = [PART.x + (i + 0.5) * PART.step, PART.y + (j + 0.5) * PART.step];
    return Math.hypot(x - 3600, y - 2400) < 160 ? 220 : 30;
  });

function desk(sight: () => Pixels | 'still_loading', polygon = true) {
  const editor = new Editor({
    eyes: ownEyes,
    assistant: new ColourAssistant(ownEyes),
    settings: { wandGivesPolygon: polygon },
  });
  const refused: string[] = [];
  editor.onComplaint(({ why }) => refused.push(why));
  editor.open(emptyDocument(SIZE), sight);
  editor.setScale(0.25);
  return { editor, refused };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

const only = (editor: Editor): Shape => {
  const [shape, other] = editor.document.shapes;
  if (!shape || other) throw new Error('There is not just one shape.');
  return shape;
};

function expectDisc(shape: Shape): void {
  const { minX, minY, maxX, maxY } = shapeBounds(shape);
  for (const [found, wanted] of [
    [minX, 3440],
    [minY, 2240],
    [maxX, 3760],
    [maxY, 2560],
  ] as const)
    expect(Math.abs(found - wanted)).toBeLessThan(10);
}

test('the wand outlines in pixels of the picture what it found among samples', () => {
  const { editor, refused } = desk(() => part());
  editor.use('wand');
  click(editor, 3600, 2400);
  const shape = only(editor);
  expectDisc(shape);
  if (shape.kind !== 'polygon') throw new Error(shape.kind);
  expect(Math.abs(signedArea(shape.rings[0] ?? [])) / (Math.PI * 160 ** 2)).toBeCloseTo(1, 1);
  expect(refused).toEqual([]);
});

test('as a mask each sample becomes its pixels', () => {
  const { editor } = desk(() => part(), false);
  editor.use('wand');
  click(editor, 3600, 2400);
  const shape = only(editor);
  if (shape.kind !== 'mask') throw new Error(shape.kind);
  expect([shape.mask.width, shape.mask.height]).toEqual([8000, 7000]);
  expectDisc(shape);
  const { data } = decode(shape.mask, 3400, 2200, 400, 400);
  const ink = data.reduce((sum, value) => sum + value, 0);
  expect(ink / (Math.PI * 160 ** 2)).toBeCloseTo(1, 1);
});

test('what goes on behind the edge of the screen is taken as far as it is seen, and that is said', () => {
  const { editor, refused } = desk(() => part());
  editor.use('wand');
  click(editor, 3050, 2050);
  expect(shapeBounds(only(editor))).toEqual({ minX: 3000, minY: 2000, maxX: 4200, maxY: 2800 });
  expect(refused).toEqual(['cut_off']);
});

test('while tiles are on their way the tools say so and do nothing', () => {
  const { editor, refused } = desk(() => 'still_loading');
  editor.use('wand');
  click(editor, 3600, 2400);
  editor.use('livewire');
  click(editor, 3600, 2400);
  expect(editor.document.shapes).toEqual([]);
  expect(refused).toEqual(['still_loading', 'still_loading']);
});

test('the magnetic outline finds an edge of the picture among samples', () => {
  const { editor } = desk(() => part());
  editor.use('livewire');
  for (const [x, y] of [
    [3440, 2400],
    [3600, 2240],
    [3760, 2400],
    [3600, 2560],
  ] as const)
    click(editor, x, y);
  press(editor, 'Enter');
  expectDisc(only(editor));
});

test('where its ways cross on a large picture, the magnetic outline is what it goes around, counted in samples', () => {
  // A bar, and right of it one edge, sharpest in one row of samples, that draws the ways out and back onto itself.
  const bar = (i: number, j: number) => i >= 60 && i < 100 && j >= 30 && j < 90;
  const { editor } = desk(() =>
    partOf((i, j) => (bar(i, j) ? 220 : i < 100 || j < 60 ? 30 : j === 60 ? 75 : 120)),
  );
  editor.use('livewire');
  for (const [i, j] of [
    [60, 30],
    [100, 30],
    [100, 50],
    [150, 55],
    [150, 65],
    [100, 70],
    [100, 90],
    [60, 90],
    [60, 60],
  ] as const)
    click(editor, PART.x + i * PART.step, PART.y + j * PART.step);
  press(editor, 'Enter');
  const shape = only(editor);
  if (shape.kind !== 'polygon') throw new Error(shape.kind);
  expect(findCrossing(shape.rings)).toBeNull();
  expect(Math.abs(signedArea(shape.rings[0] ?? []))).toBeGreaterThan(2000 * PART.step ** 2);
  for (const { x, y } of shape.rings.flat()) expect([x % PART.step, y % PART.step]).toEqual([0, 0]);
});

test('an object is found in a box that is in sight, else the page says what to do', async () => {
  const { editor, refused } = desk(() => part());
  editor.use('assist');
  drag(editor, [
    [3400, 2200],
    [3800, 2600],
  ]);
  await settle();
  press(editor, 'Enter');
  expectDisc(only(editor));
  editor.use('assist');
  drag(editor, [
    [2000, 2200],
    [3800, 2600],
  ]);
  await settle();
  expect(refused).toEqual(['not_in_sight']);
});

test('who must see the whole picture says so', async () => {
  const { editor, refused } = desk(() => part());
  editor.setNetwork({ name: 'network', segment: () => Promise.reject(new Unable('whole_only')) });
  editor.use('smart');
  drag(editor, [
    [3400, 2200],
    [3800, 2600],
  ]);
  await settle();
  expect(refused).toEqual(['whole_only']);
});
