import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ImageEngine } from './engine';
import type { ImageSource } from './image/BitmapSource';
import type { View } from './viewport';

const calls: View[] = [];
let host: HTMLElement;
let engine: ImageEngine;

function picture(width: number, height: number): ImageSource {
  return { width, height, draw: (_context, view) => calls.push(view) };
}

beforeEach(() => {
  vi.useFakeTimers();
  const context = { setTransform: () => undefined, clearRect: () => undefined };
  HTMLCanvasElement.prototype.getContext = (() => context) as never;
  host = document.body.appendChild(document.createElement('div'));
  Object.defineProperty(host, 'clientWidth', { value: 800 });
  Object.defineProperty(host, 'clientHeight', { value: 600 });
  host.setPointerCapture = () => undefined;
  engine = new ImageEngine(host);
  calls.length = 0;
});

afterEach(() => {
  engine.destroy();
  host.remove();
  vi.useRealTimers();
});

function pointer(type: string, x: number, y: number) {
  host.dispatchEvent(
    Object.assign(new MouseEvent(type, { clientX: x, clientY: y, button: 0 }), { pointerId: 1 }),
  );
}

test('the next picture is painted before show returns, fitted whatever the last view was', () => {
  engine.show(picture(1000, 1000));
  engine.zoom(5);
  engine.show(picture(1000, 1000));
  expect(calls.at(-1)?.scale).toBeCloseTo((600 - 32) / 1000);
});

test('the wheel zooms at the cursor', () => {
  engine.show(picture(1000, 1000));
  const before = engine.currentView();
  const under = (800 / 2 - before.x) / before.scale;
  host.dispatchEvent(new WheelEvent('wheel', { deltaY: -200, clientX: 400, clientY: 10, cancelable: true }));
  const after = engine.currentView();
  expect(after.scale).toBeGreaterThan(before.scale);
  expect((400 - after.x) / after.scale).toBeCloseTo(under);
});

test('dragging pans, releasing stops it', () => {
  engine.show(picture(1000, 1000));
  const { x, y } = engine.currentView();
  pointer('pointerdown', 100, 100);
  pointer('pointermove', 130, 90);
  pointer('pointerup', 130, 90);
  pointer('pointermove', 500, 500);
  expect(engine.currentView().x).toBeCloseTo(x + 30);
  expect(engine.currentView().y).toBeCloseTo(y - 10);
});

test('a large picture is moved by a transform and painted once the gesture rests', () => {
  engine.show(picture(4096, 3072));
  calls.length = 0;
  engine.zoom(1.1);
  engine.zoom(1.1);
  expect(engine.canvas.style.transform).toContain('matrix');
  expect(calls).toHaveLength(0);
  vi.advanceTimersByTime(100);
  expect(calls).toHaveLength(1);
  expect(engine.canvas.style.transform).toBe('none');
});

test('100 % and fit', () => {
  engine.show(picture(4000, 4000));
  engine.actualSize();
  expect(engine.currentView().scale).toBe(1);
  engine.fit();
  expect(engine.currentView().scale).toBeCloseTo(568 / 4000);
});

test('nothing happens without a picture', () => {
  engine.show(null);
  engine.zoom(2);
  engine.fit();
  expect(calls).toHaveLength(0);
});

test('a double click zooms to 100 % and back, but not where somebody draws', () => {
  engine.show(picture(4000, 4000));
  const fitted = engine.currentView().scale;
  const double = () => host.dispatchEvent(new MouseEvent('dblclick', { clientX: 100, clientY: 100 }));
  double();
  expect(engine.currentView().scale).toBeCloseTo(1);
  double();
  expect(engine.currentView().scale).toBeCloseTo(fitted);
  engine.claim = () => true;
  double();
  expect(engine.currentView().scale).toBeCloseTo(fitted);
});

test('a drag that bares an edge is painted in the next frame, not only when it rests', () => {
  const frames: (() => void)[] = [];
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => frames.push(callback));
  engine.show(picture(4096, 3072));
  engine.actualSize();
  vi.advanceTimersByTime(100);
  frames.length = 0;
  calls.length = 0;
  engine.panBy(-150, 0);
  expect(frames).toHaveLength(0);
  engine.panBy(-100, 0);
  expect(frames).toHaveLength(1);
  frames[0]?.();
  expect(calls).toHaveLength(1);
  vi.unstubAllGlobals();
});

test('zooming to a rectangle shows it whole, in the middle', () => {
  engine.show(picture(4096, 3072));
  engine.zoomTo({ minX: 1000, minY: 1000, maxX: 1100, maxY: 1400 });
  const { scale, x, y } = engine.currentView();
  expect(scale).toBeCloseTo(568 / 400);
  expect(1050 * scale + x).toBeCloseTo(400);
  expect(1200 * scale + y).toBeCloseTo(300);
});

test('a picture that comes bit by bit is painted anew once a frame, and left in peace when another is shown', () => {
  const frames: (() => void)[] = [];
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => frames.push(callback));
  let tell = () => {};
  const rest = vi.fn();
  const stop = vi.fn();
  const subscribe = (listener: () => void) => {
    tell = listener;
    return stop;
  };
  engine.show({ ...picture(8000, 7000), subscribe, rest });
  calls.length = 0;
  tell();
  tell();
  vi.stubGlobal('cancelAnimationFrame', () => undefined);
  frames.at(-1)?.();
  expect(calls).toHaveLength(1);
  expect(stop).not.toHaveBeenCalled();
  engine.show(picture(10, 10));
  expect(stop).toHaveBeenCalledOnce();
  expect(rest).toHaveBeenCalledOnce();
  vi.unstubAllGlobals();
});
