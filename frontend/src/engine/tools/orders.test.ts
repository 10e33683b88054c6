import { beforeEach, expect, test } from 'vitest';
import type { Prompt, SegmentationAssistant } from '../assist/assistant';
import { ColourAssistant } from '../assist/ColourAssistant';
import { ownEyes } from '../assist/ownEyes';
import { Editor } from '../editor';
import { areaOf } from '../list';
import { patchOf } from '../mask/rle';
import { shapeBounds } from '../model/bounds';
import { emptyDocument } from '../model/document';
import { click, drag } from '../testHand';
import { noisyPicture } from '../testPicture';

/** Everything without a key: a finger on the picture and buttons beside it. */

const SIZE = { width: 300, height: 200 };
const FINGER = { type: 'touch' } as const;
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
const TEMPLATE = {
  key: 'stick',
  names: ['top', 'middle', 'bottom'],
  edges: [],
  layout: [
    { x: 0.5, y: 0 },
    { x: 0.5, y: 0.5 },
    { x: 0.5, y: 1 },
  ],
};

let editor: Editor;
const open = (assistant?: SegmentationAssistant) => {
  editor = new Editor({ eyes: ownEyes, templates: [TEMPLATE], ...(assistant ? { assistant } : {}) });
  editor.open(emptyDocument(SIZE), () =>
    noisyPicture(SIZE, (x, y) => ((x - 150) / 60) ** 2 + ((y - 100) / 45) ** 2 < 1),
  );
};
beforeEach(() => open());

test('an object is found by a finger, taken by a button, and the bar goes with it', async () => {
  open(new ColourAssistant(ownEyes));
  editor.use('assist');
  expect(editor.orders).toEqual([]);
  drag(
    editor,
    [
      [75, 45],
      [150, 100],
      [225, 155],
    ],
    FINGER,
  );
  await settle();
  expect(editor.orders).toEqual(['take', 'in', 'out', 'cancel']);
  editor.order('take');
  const [shape] = editor.document.shapes;
  expect(Math.abs((shape ? (areaOf(shape) ?? 0) : 0) / (Math.PI * 60 * 45) - 1)).toBeLessThan(0.04);
  expect(editor.orders).toEqual([]);
});

test('a button turns what a tap means, Alt turns it once more, and the next object begins anew', async () => {
  const asked: Prompt[] = [];
  open({
    name: 'notes',
    segment: async (_pixels, prompt) => {
      asked.push(structuredClone(prompt));
      return { ...patchOf(20, 20, 30, 30), data: new Uint8Array(900).fill(1) };
    },
  });
  editor.use('assist');
  const box = () =>
    drag(
      editor,
      [
        [10, 10],
        [100, 100],
      ],
      FINGER,
    );
  box();
  click(editor, 30, 30, FINGER);
  editor.order('out');
  expect(editor.marking).toBe('out');
  click(editor, 80, 80, FINGER);
  click(editor, 40, 40, { alt: true });
  await settle();
  expect(asked.at(-1)?.points.map(({ inside }) => inside)).toEqual([true, false, true]);
  editor.order('take_back');
  await settle();
  expect(asked.at(-1)?.points).toHaveLength(2);
  editor.order('take');
  expect([editor.document.shapes.length, editor.marking]).toEqual([1, null]);
  box();
  expect(editor.marking).toBe('in');
  editor.order('cancel');
  expect([editor.busy, editor.document.shapes.length]).toEqual([false, 1]);
});

test('key points: hidden, not there and the next one are said by buttons', () => {
  editor.use('keypoints');
  drag(
    editor,
    [
      [50, 50],
      [90, 150],
    ],
    FINGER,
  );
  expect(editor.orders).toEqual(['hidden', 'absent', 'next_point', 'finish']);
  editor.order('hidden');
  editor.order('absent');
  editor.order('next_point');
  editor.order('next_point');
  editor.order('finish');
  const [shape] = editor.document.shapes;
  const seen = shape?.kind === 'keypoints' ? shape.points.map(({ visibility }) => visibility) : [];
  expect(seen).toEqual([1, 0, 2]);
  expect(editor.orders).toEqual([]);
});

test('a polygon is ended, its last point taken back, and a vertex of it deleted by buttons', () => {
  editor.use('polygon');
  for (const [x, y] of [
    [10, 10],
    [110, 10],
    [110, 110],
    [10, 110],
    [60, 60],
  ] as const)
    click(editor, x, y, FINGER);
  expect(editor.orders).toEqual(['finish', 'take_back', 'cancel']);
  editor.order('take_back');
  editor.order('finish');
  editor.use('select');
  expect(editor.orders).toEqual([]);
  click(editor, 110, 110, FINGER);
  expect(editor.orders).toEqual(['delete_vertex']);
  editor.order('delete_vertex');
  const [shape] = editor.document.shapes;
  expect(shape?.kind === 'polygon' && shape.rings[0]).toHaveLength(3);
  expect(editor.orders).toEqual([]);
});

test('pressing harder paints wider, by the pen and by nothing else', () => {
  editor.setSettings({ brushSize: 40 });
  editor.use('brush');
  const heightOf = (pressure: number, type: 'pen' | 'touch') => {
    drag(
      editor,
      [
        [60, 100],
        [200, 100],
      ],
      { type, pressure },
    );
    const shape = editor.document.shapes.at(-1);
    const { minY, maxY } = shape ? shapeBounds(shape) : { minY: 0, maxY: 0 };
    // The stroke is chosen and would be painted on: the next one is to be a mask of its own.
    expect(editor.orders).toEqual(['next_mask']);
    editor.order('next_mask');
    return maxY - minY;
  };
  const [soft, hard] = [heightOf(0.2, 'pen'), heightOf(0.9, 'pen')];
  expect([Math.abs(soft - 16) <= 2, Math.abs(hard - 72) <= 2]).toEqual([true, true]);
  expect(heightOf(0.9, 'touch')).toBe(heightOf(0.2, 'touch'));
  expect(editor.document.shapes).toHaveLength(4);
});

test('the pressure of a pen changes within one stroke', () => {
  editor.setSettings({ brushSize: 40 });
  editor.use('brush');
  editor.pointer('down', { ...pen(60, 0.1) });
  editor.pointer('move', { ...pen(160, 0.1) });
  editor.pointer('move', { ...pen(161, 1) });
  editor.pointer('up', { ...pen(161, 1) });
  const [shape] = editor.document.shapes;
  const bounds = shape ? shapeBounds(shape) : null;
  // Thin where it began, thick where it ended.
  expect([bounds?.minX, bounds?.maxX].map((x) => Math.round(x ?? 0))).toEqual([56, 201]);
});

const pen = (x: number, pressure: number) => ({
  point: { x, y: 100 },
  screen: { x, y: 100 },
  type: 'pen' as const,
  pressure,
  shift: false,
  alt: false,
  ctrl: false,
  clicks: 1,
});
