import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { opencvLibrary } from '../../../scripts/opencv';
import type { Pixels } from '../tools/tool';
import type { Prompt, SegmentationAssistant } from './assistant';
import { ColourAssistant } from './ColourAssistant';
import { type CutOut, GrabCutAssistant } from './GrabCutAssistant';
import { type Cv, grabCut, readyCv } from './grabcut';

/** The file that the build writes, in this process instead of in a worker. */

const library = opencvLibrary();
const SIZE = { width: 600, height: 450 };
const isObject = (x: number, y: number) => Math.hypot((x - 300) / 1.5, y - 220) < 90;
const prompt: Prompt = { box: { minX: 140, minY: 110, maxX: 460, maxY: 330 }, points: [] };
const signal = new AbortController().signal;

function picture(): Pixels {
  const data = new Uint8ClampedArray(4 * SIZE.width * SIZE.height).fill(255);
  let state = 7;
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

/** How much of what was found and what should be found is both, and whether a place is in what was found. */
async function found(assistant: SegmentationAssistant, points: Prompt['points'] = []) {
  const patch = await assistant.segment(picture(), { ...prompt, points }, signal);
  const has = (x: number, y: number) => {
    const [px, py] = [x - (patch?.x ?? 0), y - (patch?.y ?? 0)];
    const within = patch && px >= 0 && py >= 0 && px < patch.width && py < patch.height;
    return within ? patch.data[py * patch.width + px] === 1 : false;
  };
  let [both, either] = [0, 0];
  for (let y = 0; y < SIZE.height; y += 1)
    for (let x = 0; x < SIZE.width; x += 1) {
      const [got, want] = [has(x, y), isObject(x + 0.5, y + 0.5)];
      both += Number(got && want);
      either += Number(got || want);
    }
  return { share: both / either, has };
}

const never: SegmentationAssistant = {
  name: 'never',
  segment: () => Promise.reject(new Error('should not be asked')),
};
const cutting = (cut: CutOut['cut']): CutOut => ({ prepare: () => undefined, cut });

describe.skipIf(library === null)('with OpenCV', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opencv-'));
  let opencv: Cv;

  beforeAll(async () => {
    const file = join(folder, 'opencv.mjs');
    writeFileSync(file, library?.source ?? '');
    // In Node the library asks for what only scripts have.
    const require = createRequire(import.meta.url);
    Object.assign(globalThis, { require, __dirname: folder });
    const { default: cv } = require(file);
    opencv = await readyCv(cv);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test('GrabCut finds a noisy object in a box, in pixels of the picture', async () => {
    const assistant = new GrabCutAssistant(
      cutting(async (scene) => grabCut(opencv, scene)),
      never,
    );
    const { share } = await found(assistant);
    expect(share).toBeGreaterThan(0.96);
  });

  test('a click outside takes out, and the scene is never larger than 288 samples a side', async () => {
    const sizes: number[] = [];
    const assistant = new GrabCutAssistant(
      cutting(async (scene) => {
        sizes.push(scene.width, scene.height);
        return grabCut(opencv, scene);
      }),
      never,
    );
    const { has } = await found(assistant, [{ x: 300, y: 220, inside: false }]);
    expect(has(300, 220)).toBe(false);
    expect(has(220, 220)).toBe(true);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(288);
  });
});

test('where there is none, or none yet, the colours answer', async () => {
  const late = new GrabCutAssistant(
    cutting(async () => null),
    new ColourAssistant(),
  );
  expect((await found(late)).share).toBeGreaterThan(0.95);
  const broken = new GrabCutAssistant(
    cutting(() => Promise.reject(new Error('no'))),
    new ColourAssistant(),
  );
  expect((await found(broken)).share).toBeGreaterThan(0.95);
});
