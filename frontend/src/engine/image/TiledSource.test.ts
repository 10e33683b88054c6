import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TileCache } from './TileCache';
import { TiledSource } from './TiledSource';
import type { Tile } from './tiles';

const SET = { width: 4000, height: 3000, tileSize: 512, minLevel: 9, maxLevel: 12 };
const TILE_BYTES = 4 * 512 * 512;

interface Drawn {
  name: string;
  from: number[];
  to: number[];
}

/** A bitmap that knows which tile it is. */
function bitmap(name: string, width = 512, height = 512) {
  return {
    name,
    width,
    height,
    closed: false,
    close() {
      this.closed = true;
    },
  };
}
type Fake = ReturnType<typeof bitmap>;

let drawn: Drawn[];
let waiting: { tile: Tile; signal: AbortSignal; give: (found: Fake) => void; fail: () => void }[];
let cache: TileCache;
let source: TiledSource;
const whole = bitmap('whole', 500, 375);
const nameOf = ({ level, column, row }: Tile) => `${level}/${column}_${row}`;

function contextOf(width = 800, height = 600) {
  const drawImage = (image: Fake, ...at: number[]) =>
    drawn.push({ name: image.name, from: at.slice(0, 4), to: at.slice(4) });
  return { canvas: { width, height }, setTransform: () => undefined, drawImage } as never;
}

function draw(scale: number, x = 0, y = 0, context = contextOf()): string[] {
  drawn = [];
  source.draw(context, { scale, x, y }, 1);
  return drawn.map(({ name }) => name);
}

/** Everything that is asked for comes. */
async function settle(): Promise<void> {
  while (waiting.length > 0) {
    for (const { tile, give } of waiting.splice(0)) give(bitmap(nameOf(tile)));
    await Promise.resolve();
    await Promise.resolve();
  }
}

function make(bound = 64 * TILE_BYTES): void {
  waiting = [];
  cache = new TileCache(bound);
  const load = (tile: Tile, signal: AbortSignal) =>
    new Promise<ImageBitmap>((resolve, reject) =>
      waiting.push({
        tile,
        signal,
        give: (found) => resolve(found as never),
        fail: () => reject(new Error('gone')),
      }),
    );
  source = new TiledSource(SET, whole as never, load, cache);
}

beforeEach(() => {
  vi.useFakeTimers();
  make();
});
afterEach(() => {
  source.close();
  vi.useRealTimers();
});

test('seen from afar the whole is drawn, and nothing is asked for', () => {
  expect(draw(0.125)).toEqual(['whole']);
  expect(drawn[0]).toEqual({ name: 'whole', from: [0, 0, 500, 375], to: [0, 0, 500, 375] });
  expect(waiting).toEqual([]);
});

test('only what is on the screen is asked for, its middle first, a few at a time', () => {
  draw(1, -1024, -1024, contextOf(1400, 1400));
  expect(waiting).toHaveLength(6);
  expect(nameOf((waiting[0] as (typeof waiting)[0]).tile)).toBe('12/3_3');
  for (const { tile } of waiting) {
    expect(tile.level).toBe(12);
    expect(tile.column).toBeGreaterThanOrEqual(2);
    expect(tile.column).toBeLessThanOrEqual(4);
  }
});

test('the coarse picture stands where a fine tile is not there yet, on the same place of the screen', async () => {
  expect(new Set(draw(1, -1024, -1024))).toEqual(new Set(['whole']));
  const before = drawn.map(({ to }) => to);
  expect(drawn[0]?.from).toEqual([128, 128, 64, 64]);
  const told = vi.fn();
  source.subscribe(told);
  await settle();
  expect(told).toHaveBeenCalled();
  expect(draw(1, -1024, -1024)).toEqual(['12/2_2', '12/3_2', '12/2_3', '12/3_3']);
  expect(drawn.map(({ to }) => to)).toEqual(before);
  expect(drawn[0]).toEqual({ name: '12/2_2', from: [0, 0, 512, 512], to: [0, 0, 512, 512] });
  expect(waiting).toEqual([]);
});

test('neighbours share their edge on the screen whatever the zoom, and nothing lies outside the picture', async () => {
  for (const scale of [0.3, 0.617, 0.99, 1.37, 3.3]) {
    draw(scale, -300.3, -200.7);
    await settle();
    draw(scale, -300.3, -200.7);
    const columns = new Map(drawn.map(({ to: [left = 0, , width = 0] }) => [left, left + width]));
    const lefts = [...columns.keys()].sort((a, b) => a - b);
    for (let at = 1; at < lefts.length; at += 1) expect(columns.get(lefts[at - 1] as number)).toBe(lefts[at]);
    const right = Math.max(...drawn.map(({ to: [left = 0, , width = 0] }) => left + width));
    expect(right).toBeLessThanOrEqual(Math.round(4000 * scale - 300.3));
  }
});

test('what is no longer on the screen is not waited for', () => {
  draw(1, 0, 0);
  const first = [...waiting];
  draw(1, -3200, -2400);
  expect(first.every(({ signal }) => signal.aborted)).toBe(true);
  const wanted = waiting.slice(first.length).map(({ tile }) => nameOf(tile));
  expect(wanted).toContain('12/7_5');
  source.rest();
  expect(waiting.every(({ signal }) => signal.aborted)).toBe(true);
});

test('memory is bounded: what was drawn longest ago is closed, what is on the screen never', async () => {
  make(6 * TILE_BYTES);
  const made: Fake[] = [];
  for (let x = 0; x < 4000; x += 400) {
    draw(1, -x, 0);
    while (waiting.length > 0) {
      for (const { tile, give } of waiting.splice(0)) {
        const one = bitmap(nameOf(tile));
        made.push(one);
        give(one);
      }
      await vi.advanceTimersByTimeAsync(0);
      const names = draw(1, -x, 0);
      const shown = made.filter(({ name, closed }) => !closed && names.includes(name));
      expect(shown.length).toBe(names.filter((name) => name !== 'whole').length);
    }
    expect(cache.size).toBeLessThanOrEqual(7 * TILE_BYTES);
  }
  expect(made.filter(({ closed }) => closed).length).toBeGreaterThan(4);
  source.close();
  expect(cache.size).toBe(0);
  expect(made.every(({ closed }) => closed)).toBe(true);
});

test('a screen that needs more than the bound is still drawn, and not for ever anew', async () => {
  make(TILE_BYTES);
  draw(1, -1024, -1024);
  await settle();
  expect(draw(1, -1024, -1024)).toEqual(['12/2_2', '12/3_2', '12/2_3', '12/3_3']);
  expect(waiting).toEqual([]);
});

test('a tile that could not be had is tried again after a while, not at once', async () => {
  const told = vi.fn();
  source.subscribe(told);
  draw(1, -1024, -1024);
  for (const { fail } of waiting.splice(0)) fail();
  await vi.advanceTimersByTimeAsync(0);
  draw(1, -1024, -1024);
  expect(waiting).toEqual([]);
  await vi.advanceTimersByTimeAsync(3100);
  expect(told).toHaveBeenCalled();
  draw(1, -1024, -1024);
  expect(waiting.length).toBeGreaterThan(0);
});

test('tools see the part on the screen, when it is there', async () => {
  const pasted: unknown[][] = [];
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue({
    drawImage: (image: Fake, x: number, y: number) => pasted.push([image.name, x, y]),
    getImageData: (_x: number, _y: number, w: number, h: number) => ({
      data: new Uint8ClampedArray(4 * w * h),
    }),
  } as never);
  const view = { scale: 0.5, x: -600, y: -400 };
  const screen = { width: 400, height: 300 };
  const told = vi.fn();
  source.subscribe(told);
  expect(source.part(view, screen)).toBeNull();
  expect(told).toHaveBeenCalled();
  draw(0.5, -600, -400);
  await settle();
  const part = source.part(view, screen);
  expect(part).toMatchObject({ x: 1200, y: 800, step: 2, width: 400, height: 300 });
  expect(part?.data).toHaveLength(4 * 400 * 300);
  expect(pasted).toContainEqual(['11/1_1', 512 - 600, 512 - 400]);
  expect(source.part({ scale: 1, x: 5000, y: 0 }, screen)).toBeNull();
});
