import { expect, test } from 'vitest';
import {
  centred,
  clamp,
  fitView,
  MAX_SCALE,
  panBy,
  staysSharp,
  toPicture,
  toScreen,
  transformBetween,
  zoomAt,
} from './viewport';

const screen = { width: 800, height: 600 };

test('fitting shows the whole picture in the middle', () => {
  const view = fitView({ width: 4000, height: 2000 }, screen);
  expect(view.scale).toBeCloseTo((800 - 32) / 4000);
  const low = toScreen(view, { x: 4000, y: 2000 });
  const top = toScreen(view, { x: 0, y: 0 });
  expect(top.x).toBeCloseTo(16);
  expect(low.x).toBeCloseTo(784);
  expect(top.y + low.y).toBeCloseTo(600);
});

test('a tiny picture is enlarged four times at most', () => {
  expect(fitView({ width: 32, height: 32 }, screen).scale).toBe(4);
});

test('zooming keeps the point under the cursor where it is', () => {
  const view = { scale: 0.5, x: 37, y: -12 };
  const anchor = { x: 311, y: 205 };
  const before = toPicture(view, anchor);
  const after = toPicture(zoomAt(view, 1.7, anchor, 0.01), anchor);
  expect(after.x).toBeCloseTo(before.x);
  expect(after.y).toBeCloseTo(before.y);
});

test('zoom stops at its ends, and even there the anchor holds', () => {
  const anchor = { x: 10, y: 20 };
  expect(zoomAt({ scale: 50, x: 0, y: 0 }, 10, anchor, 0.1).scale).toBe(MAX_SCALE);
  const out = zoomAt({ scale: 0.2, x: 5, y: 5 }, 0.01, anchor, 0.1);
  expect(out.scale).toBe(0.1);
  expect(toPicture(out, anchor).x).toBeCloseTo(toPicture({ scale: 0.2, x: 5, y: 5 }, anchor).x);
});

test('toPicture undoes toScreen', () => {
  const view = { scale: 1.25, x: -40, y: 12.5 };
  const point = { x: 123.4, y: 567.8 };
  const back = toPicture(view, toScreen(view, point));
  expect(back.x).toBeCloseTo(point.x);
  expect(back.y).toBeCloseTo(point.y);
});

test('the picture cannot be dragged out of sight', () => {
  const picture = { width: 1000, height: 1000 };
  const far = clamp(panBy(centred(picture, screen, 1), 9999, -9999), picture, screen);
  expect(far.x).toBe(800 - 48);
  expect(far.y).toBe(48 - 1000);
});

test('the gesture transform moves painted pixels to where the new view wants them', () => {
  const painted = { scale: 0.5, x: 10, y: 20 };
  const now = { scale: 0.8, x: -30, y: 44 };
  const [a = 0, , , , e = 0, f = 0] = (transformBetween(painted, now).match(/-?[\d.]+/g) ?? []).map(Number);
  const point = { x: 77, y: 191 };
  const was = toScreen(painted, point);
  const want = toScreen(now, point);
  expect(a * was.x + e).toBeCloseTo(want.x);
  expect(a * was.y + f).toBeCloseTo(want.y);
});

test('only whole pixels of the screen keep what was painted sharp', () => {
  const painted = { scale: 0.5, x: 10.25, y: 20 };
  expect(staysSharp(painted, panBy(painted, 7, -3), 1)).toBe(true);
  expect(staysSharp(painted, panBy(painted, 0.5, 0), 1)).toBe(false);
  expect(staysSharp(painted, panBy(painted, 0.5, 0), 2)).toBe(true);
  expect(staysSharp(painted, { ...painted, scale: 0.51 }, 1)).toBe(false);
});
