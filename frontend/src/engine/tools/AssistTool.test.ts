import { expect, test } from 'vitest';
import type { SegmentationAssistant } from '../assist/assistant';
import { ColourAssistant } from '../assist/ColourAssistant';
import { Editor } from '../editor';
import { areaOf } from '../list';
import { patchOf } from '../mask/rle';
import { emptyDocument } from '../model/document';
import { click, drag, press } from '../testHand';
import type { Pixels } from './tool';

const SIZE = { width: 300, height: 200 };
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

/** An ellipse of noisy reds on noisy greens and blues. */
const isObject = (x: number, y: number) => ((x - 150) / 60) ** 2 + ((y - 100) / 45) ** 2 < 1;
function picture(): Pixels {
  const data = new Uint8ClampedArray(SIZE.width * SIZE.height * 4).fill(255);
  let state = 9;
  const noise = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return ((state >>> 24) % 60) - 30;
  };
  for (let y = 0; y < SIZE.height; y += 1)
    for (let x = 0; x < SIZE.width; x += 1) {
      const [r, g, b] = isObject(x + 0.5, y + 0.5)
        ? [170, 90, 80]
        : x % 40 < 20
          ? [80, 140, 90]
          : [70, 90, 150];
      data.set([r + noise(), g + noise(), b + noise()], 4 * (y * SIZE.width + x));
    }
  return { ...SIZE, data };
}

test('the colour model finds a noisy object in a box', async () => {
  const found = await new ColourAssistant().segment(
    picture(),
    { box: { minX: 75, minY: 45, maxX: 225, maxY: 155 }, points: [] },
    new AbortController().signal,
  );
  let [both, either] = [0, 0];
  for (let y = 0; y < SIZE.height; y += 1)
    for (let x = 0; x < SIZE.width; x += 1) {
      const [px, py] = [x - (found?.x ?? 0), y - (found?.y ?? 0)];
      const within = found && px >= 0 && py >= 0 && px < found.width && py < found.height;
      const got = within ? found.data[py * found.width + px] === 1 : false;
      const want = isObject(x + 0.5, y + 0.5);
      both += Number(got && want);
      either += Number(got || want);
    }
  expect(both / either).toBeGreaterThan(0.95);
});

test('a box and Enter make a shape; undo takes it away', async () => {
  const editor = new Editor();
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
  const editor = new Editor({ assistant });
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
