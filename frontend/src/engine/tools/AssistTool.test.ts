import { expect, test } from 'vitest';
import type { SegmentationAssistant } from '../assist/assistant';
import { ColourAssistant } from '../assist/ColourAssistant';
import { ownEyes } from '../assist/ownEyes';
import { Editor } from '../editor';
import { areaOf } from '../list';
import { patchOf } from '../mask/rle';
import { emptyDocument } from '../model/document';
import { click, drag, press } from '../testHand';
import { noisyPicture, overlap } from '../testPicture';

const SIZE = { width: 300, height: 200 };
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

const isObject = (x: number, y: number) => ((x - 150) / 60) ** 2 + ((y - 100) / 45) ** 2 < 1;
const picture = () => noisyPicture(SIZE, isObject);

test('the colour model finds a noisy object in a box', async () => {
  const found = await new ColourAssistant(ownEyes).segment(
    picture(),
    { box: { minX: 75, minY: 45, maxX: 225, maxY: 155 }, points: [] },
    new AbortController().signal,
  );
  expect(overlap(found, SIZE, isObject)).toBeGreaterThan(0.95);
});

test('a box and Enter make a shape; undo takes it away', async () => {
  const editor = new Editor({ eyes: ownEyes, assistant: new ColourAssistant(ownEyes) });
  editor.open(emptyDocument(SIZE), picture);
  editor.use('assist');
  drag(editor, [
    [75, 45],
    [150, 100],
    [225, 155],
  ]);
  await settle();
  expect(editor.overlay.ink).toBeDefined();
  press(editor, 'Enter');
  const [shape] = editor.document.shapes;
  expect(shape?.kind).toBe('polygon');
  expect(Math.abs((shape ? (areaOf(shape) ?? 0) : 0) / (Math.PI * 60 * 45) - 1)).toBeLessThan(0.04);
  expect(editor.busy).toBe(false);
  editor.undo();
  expect(editor.document.shapes).toEqual([]);
});

test('Enter before the answer is there takes it as it comes, and one more hint takes the Enter back', async () => {
  const answers: ((x: number) => void)[] = [];
  const assistant: SegmentationAssistant = {
    name: 'slow',
    segment: () =>
      new Promise((resolve) =>
        answers.push((x) => resolve({ ...patchOf(x, 20, 9, 9), data: new Uint8Array(81).fill(1) })),
      ),
  };
  const editor = new Editor({ eyes: ownEyes, assistant });
  editor.open(emptyDocument(SIZE), picture);
  editor.use('assist');
  drag(editor, [
    [10, 10],
    [100, 100],
  ]);
  press(editor, 'Enter');
  click(editor, 50, 50);
  answers[1]?.(30);
  await settle();
  expect(editor.document.shapes).toEqual([]);
  click(editor, 60, 60);
  // What was found for fewer hints is not what was asked for.
  press(editor, 'Enter');
  expect(editor.document.shapes).toEqual([]);
  answers[2]?.(40);
  await settle();
  expect(editor.document.shapes).toHaveLength(1);
  const [shape] = editor.document.shapes;
  const across = shape?.kind === 'polygon' ? shape.rings.flat().map(({ x }) => x) : [];
  expect(Math.min(...across)).toBeCloseTo(40, 0);
  expect(editor.busy).toBe(false);
});

test('points ask again, late answers are thrown away, a failure is told', async () => {
  const asked: { points: number; answer: (ok: boolean) => void }[] = [];
  const assistant: SegmentationAssistant = {
    name: 'slow',
    segment: (_pixels, { points }) =>
      new Promise((resolve, reject) =>
        asked.push({
          points: points.length,
          answer: (ok) =>
            ok
              ? resolve({ ...patchOf(points.length, 0, 1, 1), data: Uint8Array.of(1) })
              : reject(new Error()),
        }),
      ),
  };
  const editor = new Editor({ eyes: ownEyes, assistant });
  const refusals: string[] = [];
  editor.onComplaint(({ why }) => refusals.push(why));
  editor.open(emptyDocument(SIZE), picture);
  editor.use('assist');
  drag(editor, [
    [10, 10],
    [100, 100],
  ]);
  click(editor, 50, 50);
  asked[1]?.answer(true);
  await settle();
  asked[0]?.answer(true);
  await settle();
  expect(asked.map((one) => one.points)).toEqual([0, 1]);
  expect(editor.overlay.ink?.source.patch.x).toBe(1);
  click(editor, 60, 60, { alt: true });
  asked[2]?.answer(false);
  await settle();
  expect(refusals).toEqual(['tool_failed']);
  press(editor, 'Escape');
  expect(editor.busy).toBe(false);
});
