import { expect, test } from 'vitest';
import type { SegmentationAssistant } from '@/engine/assist/assistant';
import { patchOf } from '@/engine/mask/rle';
import { bestFinder } from './finders';
import { later } from './objectFinder';

const pixels = { width: 1, height: 1, data: new Uint8ClampedArray(4) };
const prompt = { box: { minX: 0, minY: 0, maxX: 1, maxY: 1 }, points: [] };
const named = (name: string, x: number, prepare?: () => void): SegmentationAssistant => ({
  name,
  ...(prepare ? { prepare } : {}),
  segment: async () => patchOf(x, 0, 1, 1),
});
const ask = async (assistant: SegmentationAssistant) =>
  (await assistant.segment(pixels, prompt, new AbortController().signal))?.x;

test('is fetched once, when the tool is taken up, and prepared then', async () => {
  let [fetched, prepared] = [0, 0];
  const load = async () => {
    fetched += 1;
    return named('late', 7, () => {
      prepared += 1;
    });
  };
  const assistant = later(load);
  expect(fetched).toBe(0);
  assistant.prepare?.();
  assistant.prepare?.();
  expect(await ask(assistant)).toBe(7);
  expect([fetched, prepared]).toEqual([1, 2]);
});

test('what could not be fetched is told, and tried again', async () => {
  let tries = 0;
  const load = () => {
    tries += 1;
    return tries === 1 ? Promise.reject(new Error('offline')) : Promise.resolve(named('late', 7));
  };
  const assistant = later(load);
  await expect(ask(assistant)).rejects.toThrow('offline');
  expect(await ask(assistant)).toBe(7);
});

test('where no worker can be, the colours find it', () => {
  expect(typeof Worker).toBe('undefined');
  expect(bestFinder().name).toBe('colour');
});
