import { beforeEach, expect, test } from 'vitest';
import { ownEyes } from '../assist/ownEyes';
import { Editor } from '../editor';
import { hasInk, inkOf } from '../mask/rle';
import { findCrossing } from '../model/crossing';
import { emptyDocument } from '../model/document';
import { signedArea } from '../model/geometry';
import type { Shape } from '../model/shapes';
import { click, drag, pointerAt, press } from '../testHand';
import { PERSON, SIZE } from '../testShapes';
import { nextBrushSize } from './MaskTool';
import type { Pixels, ToolName } from './tool';

let editor: Editor;
let refusals: string[];

beforeEach(() => {
  let serial = 0;
  editor = new Editor({
    eyes: ownEyes,
    templates: [PERSON],
    newId: () => `n${serial++}`,
    settings: { brushSize: 10 },
  });
  editor.open(emptyDocument(SIZE));
  editor.setClass('car');
  refusals = [];
  editor.onComplaint(({ why }) => refusals.push(why));
});

const shapes = () => editor.document.shapes;
const last = (): Shape => {
  const shape = shapes().at(-1);
  if (!shape) throw new Error('Nothing was drawn.');
  return shape;
};
const draw = (tool: ToolName) => editor.use(tool);
const pixelsOf = (colourAt: (x: number, y: number) => number): Pixels => {
  const data = new Uint8ClampedArray(SIZE.width * SIZE.height * 4).fill(255);
  for (let y = 0; y < SIZE.height; y += 1)
    for (let x = 0; x < SIZE.width; x += 1)
      data.fill(colourAt(x, y), 4 * (y * SIZE.width + x), 4 * (y * SIZE.width + x) + 3);
  return { ...SIZE, data };
};

/** Every tool: what was drawn can be undone to nothing and redone to the same. */
function undoesAndRedoes() {
  const drawn = JSON.stringify(editor.document);
  let steps = 0;
  while (editor.undo()) steps += 1;
  expect(steps).toBeGreaterThan(0);
  expect(shapes()).toEqual([]);
  expect(editor.snapshot().dirty).toBe(false);
  while (editor.redo());
  expect(JSON.stringify(editor.document)).toBe(drawn);
}

test('box: a drag, or two clicks; it is cut at the edge and gets the class and the choice', () => {
  draw('box');
  drag(editor, [
    [20, 30],
    [60, 50],
    [80.126, 999],
  ]);
  expect(last()).toMatchObject({ kind: 'box', x: 20, y: 30, width: 60.13, height: 90, classKey: 'car' });
  expect([...editor.selection]).toEqual([last().id]);
  click(editor, 100, 10);
  expect(editor.busy).toBe(true);
  click(editor, 90, 20);
  expect(last()).toMatchObject({ x: 90, y: 10, width: 10, height: 10 });
  drag(
    editor,
    [
      [100, 50],
      [130, 60],
    ],
    { shift: true },
  );
  expect(last()).toMatchObject({ width: 10, height: 10 });
  undoesAndRedoes();
});

test('box: one that has no size is refused with its reason; Escape leaves nothing', () => {
  draw('box');
  click(editor, 10, 10);
  click(editor, 10.1, 50);
  expect(refusals).toEqual(['too_small']);
  click(editor, 10, 10);
  expect(press(editor, 'Escape')).toBe(true);
  expect(editor.busy).toBe(false);
  expect(shapes()).toEqual([]);
});

test('rotated box: a side, then how far', () => {
  draw('rotated_box');
  drag(editor, [
    [50, 50],
    [80, 80],
  ]);
  click(editor, 55, 75);
  expect(last()).toMatchObject({
    kind: 'rotated_box',
    angle: 45,
    width: 42.43,
    height: 14.14,
    cx: 60,
    cy: 70,
  });
  undoesAndRedoes();
});

test('polygon: clicks, Backspace, Enter; closed on its first point', () => {
  draw('polygon');
  for (const [x, y] of [
    [10, 10],
    [60, 10],
    [90, 90],
    [60, 60],
  ] as const)
    click(editor, x, y);
  expect(press(editor, 'Backspace')).toBe(true);
  expect(press(editor, 'Backspace')).toBe(true);
  click(editor, 60, 60);
  press(editor, 'Enter');
  expect(last()).toMatchObject({
    rings: [
      [
        { x: 10, y: 10 },
        { x: 60, y: 10 },
        { x: 60, y: 60 },
      ],
    ],
  });
  for (const [x, y] of [
    [100, 10],
    [150, 10],
    [150, 60],
    [101, 11],
  ] as const)
    click(editor, x, y);
  expect(shapes()).toHaveLength(2);
  undoesAndRedoes();
});

test('polygon: one that crosses itself is refused and stays in the hand to be mended', () => {
  draw('polygon');
  for (const [x, y] of [
    [10, 10],
    [60, 60],
    [60, 10],
    [10, 60],
  ] as const)
    click(editor, x, y);
  press(editor, 'Enter');
  expect(refusals).toEqual(['self_crossing']);
  expect(editor.busy).toBe(true);
  press(editor, 'Backspace');
  press(editor, 'Enter');
  expect(shapes()).toHaveLength(1);
});

test('polygon: undo while drawing drops what is half drawn and no more', () => {
  draw('box');
  drag(editor, [
    [20, 30],
    [60, 50],
  ]);
  draw('polygon');
  click(editor, 10, 10);
  click(editor, 50, 10);
  editor.undo();
  expect(editor.busy).toBe(false);
  expect(shapes()).toHaveLength(1);
});

test('polyline: drawn by hand, ended by a double click', () => {
  draw('polyline');
  drag(editor, [
    [10, 10],
    [30, 10],
    [50, 20],
  ]);
  click(editor, 90, 20);
  click(editor, 90, 20, { clicks: 2 });
  expect(last()).toMatchObject({
    kind: 'polyline',
    points: [
      { x: 10, y: 10 },
      { x: 30, y: 10 },
      { x: 50, y: 20 },
      { x: 90, y: 20 },
    ],
  });
  undoesAndRedoes();
});

test('point', () => {
  draw('point');
  click(editor, 33.333, 999);
  expect(last()).toMatchObject({ kind: 'point', x: 33.33, y: 120 });
  undoesAndRedoes();
});

test('key points: the skeleton stands in the box, then each is placed, hidden or left out', () => {
  draw('keypoints');
  drag(editor, [
    [20, 20],
    [60, 100],
  ]);
  expect(last()).toMatchObject({
    points: [
      { x: 40, y: 20, visibility: 2 },
      { x: 20, y: 100 },
      { x: 60, y: 100 },
    ],
  });
  click(editor, 42, 25);
  expect(press(editor, 'KeyO')).toBe(true);
  expect(press(editor, 'KeyN')).toBe(true);
  expect(last()).toMatchObject({
    points: [
      { x: 42, y: 25, visibility: 2 },
      { x: 20, y: 100, visibility: 1 },
      { x: 0, y: 0, visibility: 0 },
    ],
  });
  // All are placed: the next drag is the next skeleton.
  drag(editor, [
    [100, 20],
    [140, 100],
  ]);
  expect(shapes()).toHaveLength(2);
  undoesAndRedoes();
});

test('brush: strokes go into the chosen mask, Enter begins another; the eraser takes away', () => {
  draw('brush');
  drag(editor, [
    [30, 30],
    [60, 30],
  ]);
  drag(editor, [
    [60, 30],
    [60, 60],
  ]);
  expect(shapes()).toHaveLength(1);
  const mask = last();
  if (mask.kind !== 'mask') throw new Error('no mask');
  expect(hasInk(mask.mask, 45, 30)).toBe(true);
  expect(hasInk(mask.mask, 60, 50)).toBe(true);
  expect(hasInk(mask.mask, 45, 45)).toBe(false);
  // Two arms of 30 x 10 with round ends, the corner counted once.
  expect(inkOf(mask.mask)).toBeGreaterThan(600);
  expect(inkOf(mask.mask)).toBeLessThan(720);
  draw('eraser');
  drag(editor, [
    [45, 20],
    [45, 40],
  ]);
  const cut = last();
  expect(cut.kind === 'mask' && hasInk(cut.mask, 45, 30)).toBe(false);
  draw('brush');
  press(editor, 'Enter');
  drag(editor, [
    [100, 100],
    [110, 100],
  ]);
  expect(shapes()).toHaveLength(2);
  undoesAndRedoes();
});

test('eraser: a mask that is gone is removed; without one chosen it says so', () => {
  draw('brush');
  click(editor, 30, 30);
  editor.setSettings({ brushSize: 40 });
  draw('eraser');
  click(editor, 30, 30);
  expect(shapes()).toEqual([]);
  click(editor, 30, 30);
  expect(refusals).toEqual(['nothing_chosen']);
});

test('the size of the brush goes up and down and always moves', () => {
  expect(nextBrushSize(1, true)).toBe(2);
  expect(nextBrushSize(2, false)).toBe(1);
  expect(nextBrushSize(1, false)).toBe(1);
  expect(nextBrushSize(100, true)).toBe(120);
});

test('magic wand: takes what has the colour, as polygon or as mask', () => {
  const inDisc = (x: number, y: number) =>
    (x - 60) ** 2 + (y - 60) ** 2 < 30 ** 2 && (x - 60) ** 2 + (y - 60) ** 2 > 8 ** 2;
  editor.open(emptyDocument(SIZE), () => pixelsOf((x, y) => (inDisc(x, y) ? 200 : 20)));
  draw('wand');
  click(editor, 60, 40);
  const polygon = last();
  if (polygon.kind !== 'polygon') throw new Error('no polygon');
  expect(polygon.rings).toHaveLength(2);
  editor.setSettings({ wandGivesPolygon: false });
  click(editor, 60, 40);
  const mask = last();
  let expected = 0;
  for (let y = 0; y < SIZE.height; y += 1)
    for (let x = 0; x < SIZE.width; x += 1) if (inDisc(x, y)) expected += 1;
  expect(mask.kind === 'mask' && inkOf(mask.mask)).toBe(expected);
  undoesAndRedoes();
});

test('livewire: between clicks the line finds the edge', () => {
  const inside = (x: number, y: number) => x >= 40 && x < 140 && y >= 30 && y < 90;
  editor.open(emptyDocument(SIZE), () => pixelsOf((x, y) => (inside(x, y) ? 220 : 30)));
  draw('livewire');
  click(editor, 40, 30);
  click(editor, 140, 60);
  click(editor, 90, 90);
  editor.pointer('move', pointerAt(editor, 60, 90));
  expect(editor.overlay.lines?.[0]?.points.length).toBeGreaterThan(20);
  press(editor, 'Enter');
  const polygon = last();
  if (polygon.kind !== 'polygon') throw new Error('no polygon');
  for (const { x, y } of polygon.rings[0] ?? []) {
    const off = Math.min(
      Math.max(Math.min(Math.abs(x - 40), Math.abs(x - 140)), Math.max(30 - y, y - 90, 0)),
      Math.max(Math.min(Math.abs(y - 30), Math.abs(y - 90)), Math.max(40 - x, x - 140, 0)),
    );
    expect(off).toBeLessThanOrEqual(1.5);
  }
  undoesAndRedoes();
});

test('livewire: a line that follows one edge twice gives what it goes around', () => {
  // A bar, and right of it one edge, sharpest in one row of pixels, that draws the ways out and back onto itself.
  const bar = (x: number, y: number) => x >= 60 && x < 100 && y >= 30 && y < 90;
  const grey = (x: number, y: number) => (bar(x, y) ? 220 : x < 100 || y < 60 ? 30 : y === 60 ? 75 : 120);
  editor.open(emptyDocument(SIZE), () => pixelsOf(grey));
  draw('livewire');
  for (const [x, y] of [
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
    click(editor, x, y);
  press(editor, 'Enter');
  const polygon = last();
  if (polygon.kind !== 'polygon') throw new Error('no polygon');
  expect(findCrossing(polygon.rings)).toBeNull();
  expect(Math.abs(signedArea(polygon.rings[0] ?? []))).toBeGreaterThan(2000);
});

test('tools that need the picture say so without one', () => {
  for (const tool of ['wand', 'livewire'] as const) {
    draw(tool);
    click(editor, 10, 10);
  }
  expect(refusals).toEqual(['no_picture', 'no_picture']);
});

test('the last drawing tool comes back', () => {
  draw('polygon');
  draw('select');
  editor.useLast();
  expect(editor.snapshot().tool).toBe('polygon');
});
