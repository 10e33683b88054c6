import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { opencvLibrary } from '../../../scripts/opencv';
import { hasPixel, noisyPicture, overlap } from '../testPicture';
import type { Prompt, SegmentationAssistant } from './assistant';
import { ColourAssistant } from './ColourAssistant';
import { type CutOut, GrabCutAssistant } from './GrabCutAssistant';
import { type Cv, grabCut, readyCv } from './grabcut';
import { ownEyes } from './ownEyes';

/** The file that the build writes, in this process instead of in a worker. */

const library = opencvLibrary();
const SIZE = { width: 600, height: 450 };
const isObject = (x: number, y: number) => Math.hypot((x - 300) / 1.5, y - 220) < 90;
const prompt: Prompt = { box: { minX: 140, minY: 110, maxX: 460, maxY: 330 }, points: [] };
const signal = new AbortController().signal;

const picture = noisyPicture(SIZE, isObject);

const find = (assistant: SegmentationAssistant, points: Prompt['points'] = []) =>
  assistant.segment(picture, { ...prompt, points }, signal);
const share = async (assistant: SegmentationAssistant) => overlap(await find(assistant), SIZE, isObject);

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
      ownEyes,
      never,
    );
    expect(await share(assistant)).toBeGreaterThan(0.96);
  });

  test('a click outside takes out, and the scene is never larger than 288 samples a side', async () => {
    const sizes: number[] = [];
    const assistant = new GrabCutAssistant(
      cutting(async (scene) => {
        sizes.push(scene.width, scene.height);
        return grabCut(opencv, scene);
      }),
      ownEyes,
      never,
    );
    const found = await find(assistant, [{ x: 300, y: 220, inside: false }]);
    expect(hasPixel(found, 300, 220)).toBe(false);
    expect(hasPixel(found, 220, 220)).toBe(true);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(288);
  });
});

test('where there is none, or none yet, the colours answer', async () => {
  const late = new GrabCutAssistant(
    cutting(async () => null),
    ownEyes,
    new ColourAssistant(ownEyes),
  );
  expect(await share(late)).toBeGreaterThan(0.95);
  const broken = new GrabCutAssistant(
    cutting(() => Promise.reject(new Error('no'))),
    ownEyes,
    new ColourAssistant(ownEyes),
  );
  expect(await share(broken)).toBeGreaterThan(0.95);
});
