import { Editor } from '../src/engine/editor';
import { ImageEngine } from '../src/engine/engine';
import { BitmapSource } from '../src/engine/image/BitmapSource';
import { TileCache } from '../src/engine/image/TileCache';
import { TiledSource } from '../src/engine/image/TiledSource';
import type { Tile } from '../src/engine/image/tiles';
import { shapeBounds } from '../src/engine/model/bounds';
import { makeShape, type Shape, type SkeletonTemplate } from '../src/engine/model/shapes';
import { classLooks } from '../src/engine/render/look';
import { ShapeStage } from '../src/engine/ShapeStage';
import { toScreen } from '../src/engine/viewport';
import { CATEGORICAL } from '../src/shared/ui/classColour';

/** The page the benchmark drives: everything runs through the host's own pointer and wheel events. */

const WIDTH = 4096;
const HEIGHT = 3072;
const CLASSES = Array.from({ length: 12 }, (_, i) => `class ${i}`);

/** Mulberry32: the same picture and shapes on every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

async function photograph(): Promise<ImageBitmap> {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  const random = numbers(7);
  for (let i = 0; i < 3000; i += 1) {
    context.fillStyle = `hsl(${random() * 360} 40% ${20 + random() * 50}%)`;
    context.fillRect(random() * WIDTH, random() * HEIGHT, random() * 300, random() * 300);
  }
  return createImageBitmap(await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 }));
}

function pixelsOf(bitmap: ImageBitmap) {
  const context = new OffscreenCanvas(WIDTH, HEIGHT).getContext('2d', { willReadFrequently: true });
  context?.drawImage(bitmap, 0, 0);
  return context?.getImageData(0, 0, WIDTH, HEIGHT) ?? 'no_picture';
}

function polygons(count: number, vertices: number): Shape[] {
  const random = numbers(42);
  const columns = Math.ceil(Math.sqrt((count * WIDTH) / HEIGHT));
  const step = WIDTH / columns;
  return Array.from({ length: count }, (_, i) => {
    const cx = ((i % columns) + 0.5) * step;
    const cy = Math.min(HEIGHT - step, (Math.floor(i / columns) + 0.5) * step);
    const ring = Array.from({ length: vertices }, (_v, v) => {
      const angle = (2 * Math.PI * v) / vertices;
      const radius = step * (0.35 + random() * 0.25);
      return {
        x: Math.min(WIDTH, Math.max(0, cx + radius * Math.cos(angle))),
        y: Math.min(HEIGHT, Math.max(0, cy + radius * Math.sin(angle))),
      };
    });
    return makeShape({ kind: 'polygon', rings: [ring] }, CLASSES[i % CLASSES.length] ?? '', `p${i}`);
  });
}

const PERSON: SkeletonTemplate = {
  key: 'person',
  names: ['head', 'left hand', 'right hand', 'feet'],
  edges: [
    [0, 1],
    [0, 2],
    [0, 3],
  ],
  layout: [
    { x: 0.5, y: 0 },
    { x: 0, y: 0.5 },
    { x: 1, y: 0.5 },
    { x: 0.5, y: 1 },
  ],
};

const host = document.querySelector<HTMLElement>('#host');
if (!host) throw new Error('no host');
// Events made by script belong to no pointer that could be captured.
host.setPointerCapture = () => undefined;

const engine = new ImageEngine(host);
const editor = new Editor({ templates: [PERSON] });
const stage = new ShapeStage(host, engine, editor, classLooks(CLASSES, CATEGORICAL));

const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function fire(type: string, x: number, y: number, button = 0) {
  host?.dispatchEvent(
    new PointerEvent(type, {
      clientX: x,
      clientY: y,
      button,
      pointerId: 1,
      pointerType: 'mouse',
      bubbles: true,
    }),
  );
}

async function load(count: number, vertices: number) {
  const bitmap = await photograph();
  const shapes = polygons(count, vertices);
  const started = performance.now();
  engine.show(new BitmapSource(bitmap));
  editor.open({ width: WIDTH, height: HEIGHT, shapes }, () => pixelsOf(bitmap));
  await frame();
  const first = performance.now() - started;
  await wait(1500);
  return { firstFrameMs: first, paintings: stage.below.paintings };
}

/** A picture of 192 megapixels in tiles, without shapes; each tile takes as long as one from a near server. */
async function loadTiled() {
  const cache = new TileCache(256 * 1024 * 1024);
  const random = numbers(3);
  const load = async ({ level }: Tile) => {
    await wait(8);
    const context = new OffscreenCanvas(512, 512).getContext('2d');
    if (!context) throw new Error('no canvas');
    for (let i = 0; i < 60; i += 1) {
      context.fillStyle = `hsl(${random() * 360} 40% ${20 + 4 * level}%)`;
      context.fillRect(random() * 512, random() * 512, 120, 120);
    }
    return createImageBitmap(context.canvas);
  };
  const whole = await load({ level: 9, column: 0, row: 0 });
  editor.open({ width: 16_000, height: 12_000, shapes: [] });
  const set = { width: 16_000, height: 12_000, tileSize: 512, minLevel: 9, maxLevel: 14 };
  engine.show(new TiledSource(set, whole, load, cache));
  engine.actualSize();
  await wait(1500);
}

/** Each gesture lasts so many frames and gives the interval between them. */
async function during(frames: number, step: (n: number) => void) {
  const started = await frame();
  for (let n = 0; n < frames; n += 1) {
    step(n);
    await frame();
  }
  return (performance.now() - started) / frames;
}

async function pan(frames: number) {
  fire('pointerdown', 800, 450, 1);
  // A circle, so that the view goes out on every side and comes back.
  const interval = await during(frames, (n) => {
    const angle = (2 * Math.PI * n) / 60;
    fire('pointermove', 800 + 300 * Math.sin(angle), 450 + 200 * (1 - Math.cos(angle)));
  });
  fire('pointerup', 800, 450, 1);
  return interval;
}

async function zoom(frames: number) {
  return during(frames, (n) => {
    const deltaY = n % 40 < 20 ? -60 : 60;
    host?.dispatchEvent(new WheelEvent('wheel', { deltaY, clientX: 700, clientY: 400, cancelable: true }));
  });
}

async function drag(frames: number) {
  const shape = editor.document.shapes[Math.floor(editor.document.shapes.length / 2 + 40)];
  if (!shape) throw new Error('no shape');
  const b = shapeBounds(shape);
  const at = toScreen(engine.currentView(), { x: (b.minX + b.maxX) / 2, y: (b.minY + b.maxY) / 2 });
  const undone = editor.snapshot().undoLabel;
  fire('pointerdown', at.x, at.y);
  const interval = await during(frames, (n) =>
    fire('pointermove', at.x + 4 + n, at.y + 60 * Math.sin(n / 15)),
  );
  fire('pointerup', at.x + frames, at.y);
  if (undone === editor.snapshot().undoLabel) throw new Error('Nothing was dragged.');
  return interval;
}

const idle = (frames: number) => during(frames, () => undefined);
const fit = () => engine.fit();
const closer = async () => {
  engine.zoom(3);
  await wait(1200);
};

Object.assign(globalThis, {
  bench: { load, loadTiled, pan, zoom, drag, idle, fit, closer, wait, engine, editor, stage },
});
