import { expect, test } from 'vitest';
import { CATEGORICAL, classColour } from './classColour';

type Rgb = readonly [number, number, number];

const linear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const rgb = (hex: string): Rgb => {
  const value = Number.parseInt(hex.slice(1), 16);
  return [linear((value >> 16) / 255), linear(((value >> 8) & 255) / 255), linear((value & 255) / 255)];
};

/** Machado, Oliveira & Fernandes 2009, severity 1, on linear light. */
const SIGHT: Record<string, readonly Rgb[]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function seen(colour: Rgb, matrix: readonly Rgb[]): Rgb {
  const [r = 0, g = 0, b = 0] = matrix.map(([x, y, z]) =>
    Math.min(1, Math.max(0, x * colour[0] + y * colour[1] + z * colour[2])),
  );
  return [r, g, b];
}

/** Oklab: distances in it are about even to the eye. */
function oklab([r, g, b]: Rgb): Rgb {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

test.each(Object.entries(SIGHT))('all pairs differ for the eye with %s', (_name, matrix) => {
  const colours = CATEGORICAL.map((hex) => oklab(seen(rgb(hex), matrix)));
  let closest = Number.POSITIVE_INFINITY;
  colours.forEach((a, i) => {
    for (const b of colours.slice(i + 1))
      closest = Math.min(closest, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]));
  });
  expect(closest).toBeGreaterThan(0.08);
});

test('each stands out from the light and the dark ground', () => {
  const contrast = (a: number, b: number) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  for (const hex of CATEGORICAL) {
    expect(contrast(luminance(rgb(hex)), luminance(rgb('#ffffff'))), hex).toBeGreaterThan(2);
    expect(contrast(luminance(rgb(hex)), luminance(rgb('#181d1d'))), hex).toBeGreaterThan(3);
  }
});

test('a class keeps its colour, and the first eight of a schema differ', () => {
  expect(classColour('cat')).toBe(classColour('cat'));
  const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  expect(new Set(keys.map((key) => classColour(key, keys))).size).toBe(8);
});
