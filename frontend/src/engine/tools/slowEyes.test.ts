import { beforeEach, expect, test, vi } from 'vitest';
import type { SegmentationAssistant } from '../assist/assistant';
import { ColourAssistant } from '../assist/ColourAssistant';
import type { Eyes } from '../assist/eyes';
import { ownEyes } from '../assist/ownEyes';
import { Editor } from '../editor';
import { emptyDocument } from '../model/document';
import { click, drag, press } from '../testHand';
import type { Pixels, Refusal } from './tool';

/** Tools whose answers take their time, as from a worker. */

const SIZE = { width: 120, height: 80 };

/** Two bright squares on a dark ground. */
const picture = (): Pixels => {
  const data = new Uint8ClampedArray(SIZE.width * SIZE.height * 4).fill(255);
  for (let y = 0; y < SIZE.height; y += 1)
    for (let x = 0; x < SIZE.width; x += 1) {
      const bright = y >= 20 && y < 60 && ((x >= 10 && x < 50) || (x >= 70 && x < 110));
      data.fill(bright ? 220 : 30, 4 * (y * SIZE.width + x), 4 * (y * SIZE.width + x) + 3);
    }
  return { ...SIZE, data };
};

interface Look {
  readonly name: string;
  readonly asked: unknown;
  readonly signal: AbortSignal;
  readonly answer: () => void;
  readonly fail: () => void;
}

let looks: Look[];
let editor: Editor;
let refused: Refusal[];
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
const come = async (at: number) => {
  looks[at]?.answer();
  await settle();
};
const left = () =>
  editor.document.shapes.map((shape) =>
    shape.kind === 'polygon' ? Math.min(...shape.rings.flat().map(({ x }) => x)) : null,
  );

const takeObject = async () => {
  editor.use('assist');
  drag(editor, [
    [5, 10],
    [60, 70],
  ]);
  await settle();
  press(editor, 'Enter');
};

beforeEach(() => {
  looks = [];
  refused = [];
  const slow: Eyes = {
    look: (...asked) =>
      new Promise<never>((resolve, reject) =>
        looks.push({
          name: asked[0],
          asked: asked[2],
          signal: asked[3],
          answer: () => resolve(ownEyes.look(...asked) as never),
          fail: () => reject(new Error('broken')),
        }),
      ),
  };
  editor = new Editor({ eyes: slow, assistant: new ColourAssistant(ownEyes), settings: { brushSize: 6 } });
  const pixels = picture();
  editor.open(emptyDocument(SIZE), () => pixels);
  editor.onComplaint(({ why }) => refused.push(why));
});

test('what was clicked comes in the order of the clicks, and what is to follow waits for all of it', async () => {
  editor.use('wand');
  click(editor, 20, 30);
  click(editor, 80, 30);
  const followed: number[] = [];
  editor.errands.whenStill(() => followed.push(editor.document.shapes.length));
  expect([editor.busy, editor.cursor]).toEqual([true, 'progress']);
  await come(1);
  expect(left()).toEqual([]);
  await come(0);
  expect(left()).toEqual([10, 70]);
  expect([editor.busy, editor.cursor, followed]).toEqual([false, 'crosshair', [2]]);
});

test('an answer given twice while a shape is on its way is given once, and again when it is there', async () => {
  editor.use('wand');
  click(editor, 20, 30);
  const answered: number[] = [];
  const answer = () => editor.errands.answerWhenStill(() => answered.push(editor.document.shapes.length));
  answer();
  answer();
  await come(0);
  expect(answered).toEqual([1]);
  answer();
  expect(answered).toEqual([1, 1]);
  // One that was let go of holds up no other.
  click(editor, 80, 30);
  answer();
  editor.undo();
  answer();
  expect(answered).toEqual([1, 1, 1]);
});

test('what is on its way is drawn also when another tool is in the hand by then, in the class that is set then', async () => {
  editor.use('wand');
  click(editor, 20, 30);
  editor.use('box');
  editor.setClass('car');
  await come(0);
  expect(editor.chosen.map(({ classKey }) => classKey)).toEqual(['car']);
});

test('what was chosen before is let go, so that the next key does not meet it', async () => {
  editor.use('box');
  drag(editor, [
    [5, 5],
    [30, 30],
  ]);
  expect(editor.selection.size).toBe(1);
  editor.use('wand');
  click(editor, 20, 30);
  expect(editor.selection.size).toBe(0);
  await come(0);
  expect(editor.chosen.map(({ kind }) => kind)).toEqual(['polygon']);
});

test('Escape gives up all that is on its way, undo the last of it, and nothing of it comes after all', async () => {
  editor.use('wand');
  click(editor, 20, 30);
  const followed: number[] = [];
  editor.errands.whenStill(() => followed.push(1));
  click(editor, 80, 30);
  expect(editor.undo()).toBe(true);
  await come(1);
  await come(0);
  expect(left()).toEqual([10]);
  click(editor, 20, 30);
  click(editor, 80, 30);
  expect(press(editor, 'Escape')).toBe(true);
  expect(looks.map(({ signal }) => signal.aborted)).toEqual([false, true, true, true]);
  await come(2);
  await come(3);
  expect([left(), editor.busy, followed]).toEqual([[10], false, []]);
  editor.undo();
  expect(left()).toEqual([]);
  editor.redo();
  expect(left()).toEqual([10]);
});

test('there is nothing to do again while something newer is on its way', async () => {
  editor.use('wand');
  click(editor, 20, 30);
  await come(0);
  editor.undo();
  click(editor, 80, 30);
  expect(editor.redo()).toBe(false);
  await come(1);
  expect(left()).toEqual([70]);
});

test('another picture gets nothing of it', async () => {
  editor.use('wand');
  click(editor, 20, 30);
  editor.open(emptyDocument(SIZE), picture);
  await come(0);
  expect([left(), editor.busy]).toEqual([[], false]);
});

test('what fails is told, and what was to follow it does not', async () => {
  editor.use('wand');
  click(editor, 20, 30);
  const followed: number[] = [];
  editor.errands.whenStill(() => followed.push(1));
  looks[0]?.fail();
  await settle();
  expect([refused, followed, editor.busy]).toEqual([['tool_failed'], [], false]);
});

test('the magnetic outline is straight until its ways are there, and Enter waits for the last of them', async () => {
  editor.use('livewire');
  const line = () => editor.overlay.lines?.[0]?.points ?? [];
  click(editor, 10, 20);
  click(editor, 50, 20);
  editor.pointer('move', { ...at(50, 60) });
  expect(line()).toEqual([
    { x: 10, y: 20 },
    { x: 50, y: 20 },
    { x: 50, y: 60 },
  ]);
  await come(1);
  expect(line().length).toBeGreaterThan(20);
  click(editor, 50, 60);
  click(editor, 10, 60);
  press(editor, 'Enter');
  await come(3);
  await come(2);
  expect([left(), editor.busy]).toEqual([[], true]);
  await come(0);
  expect(editor.busy).toBe(false);
  const [shape] = editor.document.shapes;
  const xs = shape?.kind === 'polygon' ? shape.rings.flat().map(({ x }) => x) : [];
  expect(Math.abs(Math.min(...xs) - 10)).toBeLessThan(2);
  expect(Math.abs(Math.max(...xs) - 50)).toBeLessThan(2);
  editor.undo();
  expect(left()).toEqual([]);
});

test('taking back a click stops what was asked for it, Escape all of it', async () => {
  editor.use('livewire');
  click(editor, 10, 20);
  click(editor, 50, 20);
  press(editor, 'Backspace');
  expect(looks.map(({ signal }) => signal.aborted)).toEqual([true, true, false]);
  press(editor, 'Escape');
  expect(looks[2]?.signal.aborted).toBe(true);
  await come(2);
  expect([editor.busy, editor.overlay]).toEqual([false, {}]);
});

test('of an outline that crosses itself nothing comes when a click of it was taken back meanwhile', async () => {
  editor.use('livewire');
  const crossing = [
    [10, 20],
    [110, 60],
    [110, 20],
    [10, 60],
  ] as const;
  for (const [x, y] of crossing) click(editor, x, y);
  for (const at of crossing.keys()) await come(at);
  press(editor, 'Enter');
  expect(looks.at(-1)?.name).toBe('around');
  press(editor, 'Backspace');
  await come(4);
  expect([left(), editor.overlay.dots?.length]).toEqual([[], 3]);
  await come(5);
  press(editor, 'Enter');
  await come(6);
  expect([left().length, editor.busy]).toEqual([1, false]);
});

test('with what is asked go no shapes: it would all be copied for the worker', async () => {
  editor.use('wand');
  click(editor, 20, 30);
  await come(0);
  click(editor, 80, 30);
  await takeObject();
  const sizes = looks.map(({ asked }) => (asked as { size: unknown }).size);
  expect([looks.map(({ name }) => name), sizes]).toEqual([
    ['wand', 'wand', 'shape'],
    [SIZE, SIZE, SIZE],
  ]);
});

test('an object that was taken does not come when it is called off by its button', async () => {
  await takeObject();
  editor.order('cancel');
  await come(0);
  expect([left(), editor.busy]).toEqual([[], false]);
});

test('Enter takes the answer that it waited for, not the one before when that one fails', async () => {
  const found = new ColourAssistant(ownEyes);
  let fail: (() => void) | undefined;
  const failing: SegmentationAssistant = {
    name: 'failing',
    segment: (...asked) =>
      asked[1].points.length === 0
        ? found.segment(...asked)
        : new Promise((_resolve, reject) => {
            fail = () => reject(new Error('broken'));
          }),
  };
  editor.setNetwork(failing);
  editor.use('smart');
  drag(editor, [
    [5, 10],
    [60, 70],
  ]);
  await settle();
  click(editor, 55, 65);
  press(editor, 'Enter');
  fail?.();
  await settle();
  expect([refused, looks.length, editor.overlay.ink !== undefined]).toEqual([['tool_failed'], 0, true]);
  press(editor, 'Enter');
  await come(0);
  expect(left()).toHaveLength(1);
});

test('what cannot be drawn when it is there is told, and what was to follow does not', async () => {
  const followed = vi.fn();
  editor.whenThere(
    async () => 1,
    () => {
      throw new RangeError('out of the picture');
    },
  );
  editor.errands.whenStill(followed);
  await settle();
  expect([refused, editor.busy, followed.mock.calls]).toEqual([['tool_failed'], false, []]);
});

test('an object that was taken stays to be seen until it is a shape, and undo lets go of it again', async () => {
  await takeObject();
  expect(editor.overlay.ink).toBeDefined();
  // A tap meanwhile is no further hint.
  click(editor, 55, 65);
  expect(editor.overlay.dots).toEqual([]);
  editor.undo();
  await come(0);
  expect(left()).toEqual([]);
  press(editor, 'Enter');
  await come(1);
  expect(left()).toHaveLength(1);
  expect([editor.busy, editor.overlay.ink]).toEqual([false, undefined]);
});

function at(x: number, y: number) {
  const still = { type: 'mouse', pressure: 0.5, shift: false, alt: false, ctrl: false, clicks: 1 } as const;
  return { ...still, point: { x, y }, screen: { x, y } };
}
