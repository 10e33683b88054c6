import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SpatialIndex } from '../hit/SpatialIndex';
import { makeShape, type Shape } from '../model/shapes';
import { FakePath2D } from '../testPath2D';
import { classLooks, faded } from './look';
import { thin } from './paths';
import { type Scene, StaticLayer } from './StaticLayer';

/** Counts what is painted instead of painting it; pixels are for the browser tests. */
let filled = 0;
let clipped = 0;
let frames: (() => void)[] = [];
let layer: StaticLayer;
const size = { width: 4000, height: 3000 };
const view = { scale: 0.25, x: 0, y: 0 };
const look = classLooks(['car'], ['#0f69d2']);

beforeEach(() => {
  filled = 0;
  clipped = 0;
  frames = [];
  const context = new Proxy(
    {
      fill: () => {
        filled += 1;
      },
      clip: () => {
        clipped += 1;
      },
    } as Record<string, unknown>,
    { get: (known, key) => known[String(key)] ?? (() => undefined), set: () => true },
  );
  HTMLCanvasElement.prototype.getContext = (() => context) as never;
  vi.stubGlobal('Path2D', FakePath2D);
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => frames.push(callback));
  vi.stubGlobal('cancelAnimationFrame', () => {
    frames = [];
  });
  layer = new StaticLayer(document.body.appendChild(document.createElement('div')));
  layer.resize({ width: 1000, height: 750 }, 1);
});

afterEach(() => {
  layer.destroy();
  vi.unstubAllGlobals();
});

const boxes = (count: number): Shape[] =>
  Array.from({ length: count }, (_, i) =>
    makeShape(
      { kind: 'box', x: (i % 60) * 60, y: Math.floor(i / 60) * 30, width: 40, height: 20 },
      'car',
      `b${i}`,
    ),
  );

function sceneOf(shapes: readonly Shape[], hidden: ReadonlySet<string> = new Set()): Scene {
  const document = { ...size, shapes };
  const index = new SpatialIndex();
  index.update(document);
  return { document, index, look, template: () => null, shows: (shape) => !hidden.has(shape.id) };
}

function runFrames(): number {
  let ran = 0;
  for (let next = frames.shift(); next; next = frames.shift()) {
    next();
    ran += 1;
  }
  return ran;
}

test('few shapes are painted at once, many in slices', () => {
  layer.show(sceneOf(boxes(100)), view);
  expect(filled).toBe(100);
  expect(frames).toHaveLength(0);
  filled = 0;
  layer.show(sceneOf(boxes(3000)), view);
  expect(filled).toBeLessThan(1000);
  expect(runFrames()).toBeGreaterThan(2);
  expect(filled).toBe(3000);
});

test('moving inside what is painted paints nothing', () => {
  layer.show(sceneOf(boxes(3000)), view);
  runFrames();
  filled = 0;
  layer.moveTo({ ...view, x: 100, y: -50 });
  expect(runFrames()).toBe(0);
  expect(filled).toBe(0);
});

test('leaving it paints anew, resting at another scale too', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  layer.show(sceneOf(boxes(100)), { scale: 2, x: 0, y: 0 });
  const { paintings } = layer;
  layer.moveTo({ scale: 2, x: -600, y: 0 });
  expect(layer.paintings).toBe(paintings + 1);
  layer.moveTo({ scale: 2.2, x: -600, y: 0 });
  expect(layer.paintings).toBe(paintings + 1);
  vi.advanceTimersByTime(100);
  expect(layer.paintings).toBe(paintings + 2);
  vi.useRealTimers();
});

test('one changed shape is mended with its neighbours alone', () => {
  const shapes = boxes(3000);
  layer.show(sceneOf(shapes), view);
  runFrames();
  const { paintings } = layer;
  filled = 0;
  const [first] = shapes;
  if (first?.kind !== 'box') throw new Error('no box');
  layer.update(sceneOf([{ ...first, width: 45 }, ...shapes.slice(1)]));
  expect(layer.paintings).toBe(paintings);
  expect(clipped).toBe(2);
  expect(filled).toBeLessThan(20);
  filled = 0;
  layer.update(sceneOf(shapes, new Set(['b7'])));
  expect(filled).toBeLessThan(30);
});

test('many changed shapes are painted anew', () => {
  const shapes = boxes(300);
  layer.show(sceneOf(shapes), view);
  const { paintings } = layer;
  layer.update(sceneOf(shapes.map((shape) => ({ ...shape, attributes: {} }))));
  expect(layer.paintings).toBe(paintings + 1);
});

test('classes past the palette have another line; what has no class has a colour of its own', () => {
  const looks = classLooks(['a', 'b', 'c'], ['#111111', '#222222']);
  const of = (classKey: string) => looks(makeShape({ kind: 'point', x: 0, y: 0 }, classKey, 'x'));
  expect(of('a').colour).toBe(of('c').colour);
  expect(of('a').dash).not.toEqual(of('c').dash);
  expect(of('').colour).not.toBe(of('b').colour);
  expect(faded('#102030', 0.5)).toBe('#10203080');
});

test('thinning keeps the ends and never too few', () => {
  const line = Array.from({ length: 100 }, (_, i) => ({ x: i / 10, y: 0 }));
  const thinned = thin(line, 1);
  expect(thinned.length).toBeLessThan(13);
  expect(thinned[0]).toBe(line[0]);
  expect(thinned.at(-1)).toBe(line[99]);
  expect(thin(line, 1000)).toBe(line);
});
