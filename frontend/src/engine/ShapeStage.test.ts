import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Editor } from './editor';
import { ImageEngine } from './engine';
import { makeShape } from './model/shapes';
import { moveShape } from './model/transform';
import { classLooks } from './render/look';
import { ShapeStage } from './ShapeStage';
import { FakePath2D } from './testPath2D';
import { toScreen } from './viewport';

/** From the events of a page to shapes and paint; the pixels themselves are for a real browser. */
let host: HTMLElement;
let engine: ImageEngine;
let editor: Editor;
let stage: ShapeStage;
let filled: number;
let frames: (() => void)[];

beforeEach(() => {
  filled = 0;
  frames = [];
  const context = new Proxy(
    {
      fill: () => {
        filled += 1;
      },
    } as Record<string, unknown>,
    { get: (known, key) => known[String(key)] ?? (() => undefined), set: () => true },
  );
  HTMLCanvasElement.prototype.getContext = (() => context) as never;
  vi.stubGlobal('Path2D', FakePath2D);
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => frames.push(callback));
  vi.stubGlobal('cancelAnimationFrame', () => undefined);
  host = document.body.appendChild(document.createElement('div'));
  Object.defineProperty(host, 'clientWidth', { value: 800 });
  Object.defineProperty(host, 'clientHeight', { value: 600 });
  host.setPointerCapture = () => undefined;
  engine = new ImageEngine(host);
  editor = new Editor();
  stage = new ShapeStage(host, engine, editor, classLooks(['car'], ['#0f69d2']));
  engine.show({ width: 1000, height: 500, draw: () => undefined });
  editor.open({ width: 1000, height: 500, shapes: [] });
  runFrames();
});

afterEach(() => {
  stage.destroy();
  engine.destroy();
  host.remove();
  vi.unstubAllGlobals();
});

function runFrames() {
  for (let next = frames.shift(); next; next = frames.shift()) next();
}

/** At a place of the picture. */
function fire(type: string, x: number, y: number, button = 0) {
  const at = toScreen(engine.currentView(), { x, y });
  const event = new MouseEvent(type, { clientX: at.x, clientY: at.y, button, bubbles: true });
  host.dispatchEvent(Object.assign(event, { pointerId: 1, pointerType: 'mouse', pressure: 0.5 }));
}

test('what is drawn with the pointer lands in the picture at its scale', () => {
  editor.setClass('car');
  editor.use('box');
  fire('pointerdown', 100, 100);
  fire('pointermove', 200, 150);
  fire('pointermove', 300, 220);
  fire('pointerup', 300, 220);
  expect(editor.document.shapes).toHaveLength(1);
  expect(editor.document.shapes[0]).toMatchObject({ kind: 'box', x: 100, y: 100, width: 200, height: 120 });
  filled = 0;
  runFrames();
  expect(filled).toBeGreaterThan(0);
  expect(host.style.cursor).toBe('crosshair');
});

test('while space is held the pointer pans and nothing is drawn', () => {
  editor.use('box');
  stage.panning = true;
  const before = engine.currentView();
  fire('pointerdown', 100, 100);
  fire('pointermove', 200, 150);
  fire('pointerup', 200, 150);
  expect(editor.document.shapes).toEqual([]);
  expect(engine.currentView().x).toBeGreaterThan(before.x);
});

test('the next picture of the same size brings its own shapes, painted anew', () => {
  const dot = makeShape({ kind: 'box', x: 10, y: 10, width: 50, height: 50 }, 'car', 'a');
  editor.open({ width: 1000, height: 500, shapes: [dot] });
  runFrames();
  const { paintings } = stage.below;
  editor.open({ width: 1000, height: 500, shapes: [{ ...dot, id: 'b' }] });
  runFrames();
  expect(stage.below.paintings).toBe(paintings + 1);
  // A change of the same picture is mended instead.
  editor.replace([moveShape({ ...dot, id: 'b' }, 10, 0)], 'move');
  runFrames();
  expect(stage.below.paintings).toBe(paintings + 1);
});

test('brightness touches the picture alone', () => {
  stage.setTone(1.5, 0.8);
  expect(engine.canvas.style.filter).toBe('brightness(1.5) contrast(0.8)');
  stage.setTone(1, 1);
  expect(engine.canvas.style.filter).toBe('');
});

test('what is destroyed leaves nothing behind', () => {
  expect(host.querySelectorAll('canvas')).toHaveLength(4);
  stage.destroy();
  expect(host.querySelectorAll('canvas')).toHaveLength(1);
  expect(engine.claim).toBeNull();
});
