import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimFor, type Drawing } from './drawing';
import { type Claim, listen } from './input';

let host: HTMLElement;
let log: string[];
let drawing: Drawing & { panning: boolean };
let claim: Claim | null;
let stop: () => void;

beforeEach(() => {
  host = document.body.appendChild(document.createElement('div'));
  host.setPointerCapture = () => undefined;
  log = [];
  drawing = {
    panning: false,
    pointer: (phase, input) =>
      log.push(`${phase} ${input.screen.x},${input.screen.y} ${input.type} x${input.clicks}`),
    cancel: () => log.push('cancel'),
    leave: () => log.push('leave'),
  };
  claim = claimFor(drawing);
  stop = listen(host, {
    pan: (dx, dy) => log.push(`pan ${dx},${dy}`),
    zoom: (factor) => log.push(`zoom ${factor.toFixed(1)}`),
    toggleZoom: () => log.push('toggle'),
    claim: (...about) => claim?.(...about) ?? false,
  });
});

afterEach(() => {
  stop();
  host.remove();
});

let time = 0;
function fire(type: string, x: number, y: number, extra: Record<string, unknown> = {}) {
  const event = new MouseEvent(type, { clientX: x, clientY: y, button: 0, bubbles: true, ...extra });
  time += 10;
  const { pointerId = 1, pointerType = 'mouse', pressure = 0 } = extra;
  for (const [key, value] of Object.entries({ pointerId, pointerType, pressure, timeStamp: time }))
    Object.defineProperty(event, key, { value });
  host.dispatchEvent(event);
}

test('a pointer draws where there is a tool, and hovers before', () => {
  fire('pointermove', 1, 1);
  fire('pointerdown', 2, 2);
  fire('pointermove', 3, 3);
  fire('pointerup', 4, 4);
  fire('pointerleave', 4, 4);
  expect(log).toEqual([
    'move 1,1 mouse x0',
    'down 2,2 mouse x1',
    'move 3,3 mouse x1',
    'up 4,4 mouse x1',
    'leave',
  ]);
});

test('two presses on one spot are a double click, elsewhere or later they are not', () => {
  for (const [x, wait] of [
    [5, 0],
    [6, 0],
    [90, 0],
    [90, 500],
  ] as const) {
    time += wait;
    fire('pointerdown', x, 5);
    fire('pointerup', x, 5);
  }
  expect(log.filter((line) => line.startsWith('down')).map((line) => line.slice(-2))).toEqual([
    'x1',
    'x2',
    'x1',
    'x1',
  ]);
});

test('the middle button pans, and so does the first while the space bar is held', () => {
  fire('pointerdown', 10, 10, { button: 1 });
  fire('pointermove', 15, 12);
  fire('pointerup', 15, 12);
  drawing.panning = true;
  fire('pointerdown', 10, 10);
  fire('pointermove', 11, 11);
  fire('pointerup', 11, 11);
  expect(log).toEqual(['pan 5,2', 'pan 1,1']);
});

test('a second finger ends the drawing and pinches', () => {
  const first = { pointerId: 1, pointerType: 'touch' };
  const second = { pointerId: 2, pointerType: 'touch' };
  fire('pointerdown', 0, 0, first);
  fire('pointerdown', 100, 0, second);
  fire('pointermove', 200, 0, second);
  fire('pointerup', 200, 0, second);
  fire('pointerup', 0, 0, first);
  expect(log).toEqual(['down 0,0 touch x1', 'cancel', 'pan 50,0', 'zoom 2.0']);
});

test('a lost pointer cancels', () => {
  fire('pointerdown', 0, 0);
  fire('pointercancel', 0, 0);
  expect(log).toEqual(['down 0,0 mouse x1', 'cancel']);
});

test('without a tool the first button pans and a double click zooms', () => {
  claim = null;
  fire('pointerdown', 0, 0);
  fire('pointermove', 3, 4);
  fire('pointerup', 3, 4);
  fire('dblclick', 3, 4);
  expect(log).toEqual(['pan 3,4', 'toggle']);
});

test('the pressure of a pen comes with every place; what feels none presses half', () => {
  const pressures: (readonly [string, number])[] = [];
  drawing.pointer = (_phase, input) => pressures.push([input.type, input.pressure]);
  const pen = { pointerType: 'pen' };
  fire('pointerdown', 0, 0, { ...pen, pressure: 0.2 });
  fire('pointermove', 9, 0, { ...pen, pressure: 0.8 });
  fire('pointerup', 9, 0, pen);
  fire('pointerdown', 0, 0, { pointerType: 'touch' });
  expect(pressures).toEqual([
    ['pen', 0.2],
    ['pen', 0.8],
    ['pen', 0],
    ['touch', 0.5],
  ]);
});
