import { expect, test, vi } from 'vitest';
import { Prefetcher } from './prefetch';

interface Picture {
  url: string;
  close: () => void;
}

function setup(capacity: number) {
  const waiting = new Map<string, (picture: Picture) => void>();
  const closed: string[] = [];
  const decode = vi.fn(
    (url: string, signal: AbortSignal) =>
      new Promise<Picture>((resolve, reject) => {
        waiting.set(url, resolve);
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      }),
  );
  const arrive = async (url: string) => {
    waiting.get(url)?.({ url, close: () => closed.push(url) });
    await Promise.resolve();
    await Promise.resolve();
  };
  return { cache: new Prefetcher<Picture>(decode, capacity), decode, arrive, closed };
}

test('a picture is fetched once, however often it is wanted', async () => {
  const { cache, decode, arrive } = setup(5);
  cache.want(['a', 'b']);
  cache.want(['a', 'b']);
  const promise = cache.get('a');
  await arrive('a');
  expect((await promise).url).toBe('a');
  expect(cache.peek('a')?.url).toBe('a');
  expect(decode).toHaveBeenCalledTimes(2);
  expect([cache.stateOf('a'), cache.stateOf('b'), cache.stateOf('c')]).toEqual([
    'ready',
    'loading',
    'waiting',
  ]);
});

test('beyond its capacity the one used longest ago is closed', async () => {
  const { cache, arrive, closed } = setup(2);
  cache.want(['a', 'b']);
  await arrive('a');
  await arrive('b');
  cache.peek('a');
  cache.want(['c']);
  expect(closed).toEqual(['b']);
  expect(cache.stateOf('a')).toBe('ready');
});

test('the nearest of what is wanted stays when there is not room for all', () => {
  const { cache } = setup(2);
  cache.want(['near', 'next', 'far']);
  expect([cache.stateOf('near'), cache.stateOf('next'), cache.stateOf('far')]).toEqual([
    'loading',
    'loading',
    'waiting',
  ]);
});

test('leaving aborts what is under way and frees what is there', async () => {
  const { cache, arrive, closed } = setup(5);
  cache.want(['a', 'b']);
  const pending = cache.get('b');
  await arrive('a');
  cache.clear();
  expect(closed).toEqual(['a']);
  await expect(pending).rejects.toThrow('aborted');
});

test('a failure is tried again by the next call', async () => {
  let fail = true;
  const cache = new Prefetcher<Picture>(async (url) => {
    if (fail) throw new Error('gone');
    return { url, close: () => undefined };
  });
  await expect(cache.get('a')).rejects.toThrow('gone');
  expect(cache.stateOf('a')).toBe('failed');
  fail = false;
  expect((await cache.get('a')).url).toBe('a');
});

test('what weighs too much together goes, the one used longest ago first, and never the last', async () => {
  const weights: Record<string, number> = { a: 3, b: 4, c: 5, huge: 99 };
  const closed: string[] = [];
  const decode = async (url: string) => ({ url, close: () => closed.push(url) });
  const cache = new Prefetcher(decode, 8, { for: 10, weigh: ({ url }) => weights[url] ?? 0 });
  for (const url of ['a', 'b']) await cache.get(url);
  expect(closed).toEqual([]);
  await cache.get('c');
  expect(closed).toEqual(['a']);
  await cache.get('huge');
  expect(closed).toEqual(['a', 'b', 'c']);
  expect(cache.stateOf('huge')).toBe('ready');
});
