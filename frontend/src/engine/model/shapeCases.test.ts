import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { shapesFromJson, shapesToJson } from './json';
import type { SkeletonTemplate } from './shapes';
import { validateShape } from './validate';

/** The list that the server's tests run too: what the drawing engine lets through, the server takes. */
interface Cases {
  size: [number, number];
  classes: string[];
  skeletons: SkeletonTemplate[];
  cases: { name: string; code: string | null; shape: Record<string, unknown> }[];
}

const file = resolve(__dirname, '../../../../tests/datasets/labeling_schema/shape_cases.json');
const { size, classes, skeletons, cases } = JSON.parse(readFileSync(file, 'utf8')) as Cases;

test.each(cases.map((one) => [one.name, one] as const))('%s', (_, { code, shape }) => {
  const { shapes, faults } = shapesFromJson([shape]);
  expect(faults).toEqual([]);
  const [read] = shapes;
  if (!read) throw new Error('Nothing was read.');
  const rules = { classes: new Set(classes), templates: new Map(skeletons.map((one) => [one.key, one])) };
  const found = validateShape(read, { width: size[0], height: size[1] }, rules);
  expect(found.map((fault) => fault.code)).toEqual(code === null ? [] : [code]);
  expect(shapesToJson(shapes)[0]?.id).toBe('a');
});
