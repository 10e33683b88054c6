import { ColourAssistant } from '../src/engine/assist/ColourAssistant';
import { Editor } from '../src/engine/editor';
import { ImageEngine } from '../src/engine/engine';
import { BitmapSource } from '../src/engine/image/BitmapSource';
import { decode, encode, patchOf } from '../src/engine/mask/rle';
import { makeShape } from '../src/engine/model/shapes';
import { classLooks } from '../src/engine/render/look';
import { ShapeStage } from '../src/engine/ShapeStage';
import { pointerAt } from '../src/engine/testHand';
import type { ToolName } from '../src/engine/tools/tool';
import { PictureReader } from '../src/features/annotate/shapes/PictureReader';
import { pageEyes } from '../src/workers/pageEyes';

/** The page that `tools.mjs` drives: tools that look at a picture of 12 megapixels, and how long the page stands still meanwhile. */

const WIDTH = 4096;
const HEIGHT = 3072;

/** A grey ground with its grain, and discs on it: one click of the wand takes the ground, with a hole for each disc. */
async function photograph(): Promise<ImageBitmap> {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.fillStyle = '#8a8a84';
  context.fillRect(0, 0, WIDTH, HEIGHT);
  for (let i = 0; i < 240; i += 1) {
    context.fillStyle = `hsl(${(i * 47) % 360} 60% 30%)`;
    context.beginPath();
    context.arc(128 + (i % 20) * 200, 120 + Math.floor(i / 20) * 250, 30 + (i % 7) * 8, 0, 2 * Math.PI);
    context.fill();
  }
  return createImageBitmap(await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 }));
}

const host = document.querySelector<HTMLElement>('#host');
if (!host) throw new Error('no host');
const engine = new ImageEngine(host);
const eyes = pageEyes;
const editor = new Editor({ assistant: new ColourAssistant(eyes), eyes });
const stage = new ShapeStage(host, engine, editor, classLooks(['ground'], ['#c0392b']));
const reader = new PictureReader();
const complaints: string[] = [];
editor.onComplaint(({ why }) => complaints.push(why));

async function open() {
  const bitmap = await photograph();
  engine.show(new BitmapSource(bitmap));
  again();
}

function again() {
  editor.open({ width: WIDTH, height: HEIGHT, shapes: [] }, () => reader.read(engine));
  editor.setClass('ground');
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Milliseconds until what was asked for is there. What the page's own thread did meanwhile is read between the marks. */
async function cost(act: () => void, there: () => boolean): Promise<number> {
  await wait(400);
  complaints.length = 0;
  const begun = performance.now();
  performance.mark('begin');
  act();
  while (!there()) {
    if (complaints.length > 0) throw new Error(complaints.join());
    if (performance.now() - begun > 60_000) throw new Error('No answer.');
    await wait(20);
  }
  // The frame in which it is painted belongs to it.
  await new Promise(requestAnimationFrame);
  await wait(0);
  performance.mark('end');
  return performance.now() - begun;
}

const press = (x: number, y: number) => {
  editor.pointer('down', pointerAt(editor, x, y));
  editor.pointer('up', pointerAt(editor, x, y));
};
const shapes = () => editor.document.shapes.length;

async function wand(polygon: boolean): Promise<number> {
  again();
  editor.use('wand');
  editor.setSettings({ wandGivesPolygon: polygon });
  return cost(
    () => press(20, 20),
    () => shapes() === 1,
  );
}

/** From the click on until the line finds edges: the way to a place across the window is no straight line any more. */
async function wire(): Promise<{ anchor: number; move: number }> {
  again();
  editor.use('livewire');
  const [x, y] = [528 + 54, 370];
  const trail = () => editor.overlay.lines?.[0]?.points.length ?? 0;
  const look = () => editor.pointer('move', pointerAt(editor, x - 108, y));
  const anchor = await cost(
    () => press(x, y),
    () => {
      look();
      return trail() > 4;
    },
  );
  const times: number[] = [];
  for (let n = 0; n < 200; n += 1) {
    const at = pointerAt(editor, x - 200 + 2 * n, y + ((n * 37) % 200) - 100);
    const begun = performance.now();
    editor.pointer('move', at);
    times.push(performance.now() - begun);
  }
  editor.cancel();
  return { anchor, move: Math.max(...times) };
}

async function brush(): Promise<{ down: number; up: number }> {
  const patch = patchOf(0, 0, WIDTH, HEIGHT);
  for (let y = 0; y < HEIGHT; y += 1)
    for (let x = 0; x < WIDTH; x += 1)
      patch.data[y * WIDTH + x] = Number(Math.hypot((x % 200) - 100, (y % 250) - 120) > 60);
  const mask = makeShape({ kind: 'mask', mask: encode(patch, WIDTH, HEIGHT) }, 'ground', 'mask');
  editor.open({ width: WIDTH, height: HEIGHT, shapes: [mask] }, () => reader.read(engine));
  editor.select(['mask']);
  editor.use('brush');
  await wait(1500);
  const down = await cost(
    () => editor.pointer('down', pointerAt(editor, 300, 300)),
    () => editor.busy,
  );
  editor.pointer('move', pointerAt(editor, 900, 700));
  const up = await cost(
    () => editor.pointer('up', pointerAt(editor, 900, 700)),
    () => !editor.busy,
  );
  return { down, up };
}

/** Encoding and decoding alone, the median of five. */
function masks(): { encode: number; decode: number } {
  const patch = patchOf(0, 0, WIDTH, HEIGHT);
  for (let y = 0; y < HEIGHT; y += 1)
    for (let x = 0; x < WIDTH; x += 1)
      patch.data[y * WIDTH + x] = Number(Math.hypot((x % 200) - 100, (y % 250) - 120) > 60);
  const mask = encode(patch, WIDTH, HEIGHT);
  const median = (act: () => unknown) => {
    const times = Array.from({ length: 5 }, () => {
      const begun = performance.now();
      act();
      return performance.now() - begun;
    });
    return times.sort((a, b) => a - b)[2] ?? 0;
  };
  return {
    encode: median(() => encode(patch, WIDTH, HEIGHT)),
    decode: median(() => decode(mask, 0, 0, WIDTH, HEIGHT)),
  };
}

async function assist(): Promise<{ find: number; take: number }> {
  again();
  editor.use('assist');
  await wait(300);
  const found = () => editor.overlay.ink !== undefined;
  const find = await cost(() => {
    editor.pointer('down', pointerAt(editor, 300, 300));
    editor.pointer('move', pointerAt(editor, 3700, 2700));
    editor.pointer('up', pointerAt(editor, 3700, 2700));
  }, found);
  const take = await cost(
    () => editor.key({ code: 'Enter', shift: false, alt: false, ctrl: false }),
    () => shapes() === 1,
  );
  return { find, take };
}

const use = (name: ToolName) => editor.use(name);
Object.assign(globalThis, { bench: { open, wand, wire, brush, masks, assist, use, editor, stage } });
