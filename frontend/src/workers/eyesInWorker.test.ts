import { afterEach, expect, test, vi } from 'vitest';
import type { Eyes } from '@/engine/assist/eyes';
import type { Pixels } from '@/engine/tools/tool';
import { eyesInWorker } from './eyesInWorker';
import type { Sighted, SightOrder } from './sight.worker';

const picture = (shade: number): Pixels => ({
  width: 1,
  height: 1,
  data: Uint8ClampedArray.of(shade, 0, 0, 255),
});
const ask = { point: { x: 0, y: 0 }, tolerance: 1, polygon: false, size: { width: 1, height: 1 } };
const open = () => new AbortController().signal;
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

afterEach(() => vi.unstubAllGlobals());

/** Bitmaps that are copied when they are told to be. */
function copies() {
  const begun: { come: (copy: ImageBitmap) => void; fail: () => void }[] = [];
  vi.stubGlobal(
    'createImageBitmap',
    () =>
      new Promise<ImageBitmap>((resolve, reject) =>
        begun.push({ come: resolve, fail: () => reject(new Error('closed')) }),
      ),
  );
  return begun;
}

/** A worker's end of the line. */
function line(refuse = false) {
  const orders: SightOrder[] = [];
  let tell: (said: Sighted) => void = () => undefined;
  let fail: () => void = () => undefined;
  let starts = 0;
  const otherwise: Eyes = { look: (name) => `here: ${name}` as never };
  const eyes = eyesInWorker(
    (said, failed) => {
      starts += 1;
      if (refuse) throw new Error('no workers here');
      [tell, fail] = [said, failed];
      return (order) => orders.push(order);
    },
    async () => otherwise,
  );
  const kinds = () =>
    orders.map((order) =>
      'look' in order ? order.look.name : 'pixels' in order.picture ? order.picture.pixels.data[0] : 'bitmap',
    );
  return { eyes, kinds, say: (said: Sighted) => tell(said), fail: () => fail(), starts: () => starts };
}

test('begins when it is first used, and tells a picture once', async () => {
  const worker = line();
  expect(worker.starts()).toBe(0);
  const pixels = picture(7);
  const first = worker.eyes.look('wand', pixels, ask, open());
  await settle();
  worker.say({ seen: 'one' });
  const second = worker.eyes.look('wand', pixels, ask, open());
  await settle();
  worker.say({ seen: 'two' });
  expect(await Promise.all([first, second])).toEqual(['one', 'two']);
  expect(worker.kinds()).toEqual([7, 'wand', 'wand']);
  void worker.eyes.look('wand', picture(9), ask, open());
  await settle();
  expect(worker.kinds().slice(3)).toEqual([9, 'wand']);
  expect(worker.starts()).toBe(1);
});

test('one look at a time; what is given up while it waits is never begun, and what runs is not heard', async () => {
  const worker = line();
  const pixels = picture(1);
  const [gone, waits] = [new AbortController(), new AbortController()];
  const first = worker.eyes.look('wand', pixels, ask, gone.signal);
  const second = worker.eyes.look('wand', pixels, ask, waits.signal);
  const third = worker.eyes.look('wire', pixels, { point: ask.point, step: 1 }, open());
  await settle();
  gone.abort();
  waits.abort();
  await expect(first).rejects.toThrow();
  await expect(second).rejects.toThrow();
  expect(worker.kinds()).toEqual([1, 'wand']);
  worker.say({ seen: 'late' });
  await settle();
  expect(worker.kinds()).toEqual([1, 'wand', 'wire']);
  worker.say({ seen: 'ways' });
  expect(await third).toBe('ways');
});

test('what needs no colours does not make the worker read them', async () => {
  const worker = line();
  const asked = { line: [], step: 1, size: { width: 1, height: 1 } };
  const found = worker.eyes.look('around', picture(3), asked, open());
  await settle();
  expect(worker.kinds()).toEqual(['around']);
  worker.say({ seen: null });
  expect(await found).toBeNull();
});

test('what is asked does not overtake its picture, and is not asked of the one before', async () => {
  const begun = copies();
  const worker = line();
  const bitmap = { close: () => undefined } as ImageBitmap;
  const pixels = { ...picture(1), bitmap };
  worker.eyes.prepare?.(pixels);
  void worker.eyes.look('wand', pixels, ask, open());
  await settle();
  expect(worker.kinds()).toEqual([]);
  begun[0]?.come(bitmap);
  await settle();
  expect(worker.kinds()).toEqual(['bitmap', 'wand']);
  worker.say({ seen: 'one' });

  // One that could not be copied when its tool was taken up is copied when it is looked at.
  const next = { ...picture(2), bitmap };
  worker.eyes.prepare?.(next);
  begun[1]?.fail();
  await settle();
  void worker.eyes.look('wand', next, ask, open());
  begun[2]?.come(bitmap);
  await settle();
  expect(worker.kinds().slice(2)).toEqual(['bitmap', 'wand']);
  worker.say({ seen: 'two' });

  const gone = { ...picture(3), bitmap };
  const found = worker.eyes.look('wand', gone, ask, open());
  begun[3]?.fail();
  expect(await found).toBe('here: wand');
});

test('the page looks itself where no worker can be, where one breaks, and at what one fails at', async () => {
  const none = line(true);
  expect(await none.eyes.look('wand', picture(1), ask, open())).toBe('here: wand');
  expect(await none.eyes.look('wand', picture(1), ask, open())).toBe('here: wand');
  expect(none.starts()).toBe(1);

  const broken = line();
  const both = [1, 2].map((shade) => broken.eyes.look('wand', picture(shade), ask, open()));
  await settle();
  broken.fail();
  expect(await Promise.all(both)).toEqual(['here: wand', 'here: wand']);
  expect(await broken.eyes.look('wand', picture(1), ask, open())).toBe('here: wand');

  const poor = line();
  const one = poor.eyes.look('wand', picture(1), ask, open());
  await settle();
  poor.say({ failed: 'out of memory' });
  expect(await one).toBe('here: wand');
});
