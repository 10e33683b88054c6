import { expect, test } from 'vitest';
import type { Scene } from '@/engine/assist/grabcut';
import { cutOutInWorker } from './cutOutInWorker';
import type { Order, Told } from './grabcut.worker';

const sceneOf = (mark: number): Scene => ({
  width: 1,
  height: 1,
  colours: Uint8Array.of(mark, 0, 0),
  fixed: Int8Array.of(0),
});
const open = () => new AbortController().signal;

/** A worker's end of the line. */
function line() {
  const orders: Order[] = [];
  let starts = 0;
  let said: (told: Told) => void = () => undefined;
  const maker = cutOutInWorker('/opencv.js', (tell) => {
    starts += 1;
    said = tell;
    return (order) => orders.push(order);
  });
  const tell = (inside: Uint8Array | null) => said({ inside });
  const refuse = (failed: string) => said({ failed });
  const marks = () => orders.map(({ scene }) => scene?.colours[0] ?? null);
  return { ...maker, orders, tell, refuse, marks, starts: () => starts };
}

test('loads once, when it is about to be used', async () => {
  const worker = line();
  expect(worker.starts()).toBe(0);
  worker.prepare();
  worker.prepare();
  expect(worker.orders).toEqual([{ library: '/opencv.js', scene: null }]);
  const asked = worker.cut(sceneOf(5), open());
  expect(worker.marks()).toEqual([null]);
  worker.tell(null);
  expect(worker.marks()).toEqual([null, 5]);
  worker.tell(Uint8Array.of(1));
  expect(await asked).toEqual(Uint8Array.of(1));
  expect(worker.starts()).toBe(1);
});

test('makes one cut at a time, and of those that wait only the newest', async () => {
  const worker = line();
  worker.prepare();
  worker.tell(null);
  const asked = [1, 2, 3].map((mark) => worker.cut(sceneOf(mark), open()));
  expect(worker.marks()).toEqual([null, 1]);
  worker.tell(Uint8Array.of(1));
  expect(worker.marks()).toEqual([null, 1, 3]);
  worker.tell(Uint8Array.of(0));
  expect(await Promise.all(asked)).toEqual([Uint8Array.of(1), null, Uint8Array.of(0)]);
});

test('a library that cannot be loaded is told to all who wait, and to all who come', async () => {
  const worker = line();
  const asked = worker.cut(sceneOf(1), open());
  worker.refuse('no such file');
  await expect(asked).rejects.toThrow('no such file');
  await expect(worker.cut(sceneOf(2), open())).rejects.toThrow('no such file');
  expect(worker.starts()).toBe(1);
});

test('a cut that fails is told to who asked for it, and the next one is made', async () => {
  const worker = line();
  worker.prepare();
  worker.tell(null);
  const asked = worker.cut(sceneOf(1), open());
  const next = worker.cut(sceneOf(2), open());
  worker.refuse('too few samples');
  await expect(asked).rejects.toThrow('too few samples');
  expect(worker.marks()).toEqual([null, 1, 2]);
  worker.tell(Uint8Array.of(1));
  expect(await next).toEqual(Uint8Array.of(1));
});

test('who has gone on gets nothing', async () => {
  const worker = line();
  const gone = new AbortController();
  const asked = worker.cut(sceneOf(1), gone.signal);
  gone.abort();
  expect(await asked).toBeNull();
});
