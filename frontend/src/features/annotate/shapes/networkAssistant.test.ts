import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { countsToString } from '@/engine/mask/rle';
import { eventually } from '@/test/eventually';
import { serve } from '@/test/render';
import { NetworkAssistant } from './NetworkAssistant';

const pixels = { width: 8, height: 6, data: new Uint8ClampedArray(8 * 6 * 4) };
const prompt = {
  box: { minX: 1, minY: 2, maxX: 6, maxY: 5 },
  points: [{ x: 3, y: 3, inside: true }],
};
const busy = { title: 'Busy', status: 503, code: 'assistant-busy' };
const broken = { title: 'Cannot', status: 409, code: 'picture-not-encoded' };
let asked: unknown[] = [];
let answers: (() => Response)[] = [];

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 200 });
  asked = [];
  vi.stubGlobal(
    'fetch',
    serve({
      'POST /api/v1/assist/masks': async (request: Request) => {
        asked.push(await request.json());
        return answers.shift()?.();
      },
    }),
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const ready = (mask: object | null) => () => Response.json({ state: 'ready', mask });
const waiting = () => Response.json({ state: 'encoding', mask: null }, { status: 202 });
const refused = (body: typeof busy) => () => Response.json(body, { status: body.status });
const assistant = (picture: string | null = '/media/7') => new NetworkAssistant('red-1', () => picture);

test('waits for the encoder and for others, then gives the mask at its place', async () => {
  // Down the columns: one of ink, two without, three of ink; 2 wide, 3 high.
  const counts = countsToString([0, 1, 2, 3]);
  answers = [waiting, refused(busy), ready({ x: 4, y: 1, size: [3, 2], counts })];
  const found = await assistant().segment(pixels, prompt, new AbortController().signal);
  expect(found).toEqual({ x: 4, y: 1, width: 2, height: 3, data: Uint8Array.of(1, 1, 0, 1, 0, 1) });
  expect(asked).toHaveLength(3);
  expect(asked[2]).toEqual({ model: 'red-1', image: '/media/7', box: [1, 2, 5, 3], points: prompt.points });
});

test('nothing found is nothing', async () => {
  answers = [ready(null)];
  expect(await assistant().segment(pixels, prompt, new AbortController().signal)).toBeNull();
});

test('what the server refuses for good is not asked again', async () => {
  answers = [refused(broken), waiting];
  await expect(assistant().segment(pixels, prompt, new AbortController().signal)).rejects.toThrow('Cannot');
  expect(asked).toHaveLength(1);
});

test('who goes on to the next picture asks no more', async () => {
  answers = [waiting, waiting];
  const gone = new AbortController();
  const found = assistant().segment(pixels, prompt, gone.signal);
  await eventually(() => expect(asked).toHaveLength(1));
  gone.abort();
  await expect(found).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(5000);
  expect(asked).toHaveLength(1);
});

test('a picture that is looked at in parts is not asked about', async () => {
  const found = assistant(null).segment(pixels, prompt, new AbortController().signal);
  await expect(found).rejects.toMatchObject({ why: 'whole_only' });
  expect(asked).toEqual([]);
});
