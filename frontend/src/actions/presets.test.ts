import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findConflicts } from './keymap';
import { isPreset, keyChoiceOf, PRESETS, type Preset } from './presets';
import { ActionRegistry } from './registry';
import { WORKBENCH_KEYS, type WorkbenchKey } from './workbenchKeys';

const names = Object.keys(WORKBENCH_KEYS) as WorkbenchKey[];
const digits = Array.from({ length: 10 }, (_, at) => `Digit${at}`);

beforeEach(() => localStorage.clear());
afterEach(() => localStorage.clear());

test.each(Object.keys(PRESETS).filter(isPreset))('no key of the preset %s does two things', (preset) => {
  const registry = new ActionRegistry();
  registry.choosePreset(preset);
  const bindings = [
    ...names.map((name) => ({ id: `workbench.${name}`, ...WORKBENCH_KEYS[name] })),
    ...digits.map((digit) => ({ id: `workbench.class.${digit}`, scope: 'workbench.choice', keys: [digit] })),
  ].map((one) => ({ ...one, sequences: registry.keysOf(one) }));
  expect(findConflicts(bindings)).toEqual([]);
});

test('a preset stands between the keys given and a person’s own, and is remembered', () => {
  const next = { id: 'workbench.next', keys: ['KeyD'] };
  const fit = { id: 'workbench.fit', keys: ['KeyF'] };
  const registry = new ActionRegistry();
  const told = vi.fn();
  registry.onChoice(told);
  registry.choosePreset('cvat');
  expect([registry.keysOf(next)[0], registry.keysOf(fit)[0]]).toEqual(['KeyF', 'Shift+KeyF']);
  registry.remapKeys('workbench.next', ['KeyJ']);
  expect([registry.keysOf(next), registry.presetKeys(next)[0]]).toEqual([['KeyJ'], 'KeyF']);
  expect(told).toHaveBeenLastCalledWith({ preset: 'cvat', remap: { 'workbench.next': ['KeyJ'] } });
  const again = new ActionRegistry();
  expect([again.preset(), again.keysOf(next)]).toEqual(['cvat', ['KeyJ']]);
  again.choosePreset('touchstone');
  again.remapKeys('workbench.next', null);
  expect(again.keysOf(next)).toEqual(['KeyD']);
});

test('what comes from the server is adopted without telling it again, and nonsense is not', () => {
  const registry = new ActionRegistry();
  const told = vi.fn();
  registry.onChoice(told);
  const kept = keyChoiceOf({ preset: 'cvat' satisfies Preset, remap: { a: ['KeyA'] } });
  if (kept) registry.adopt(kept);
  expect([registry.preset(), registry.keysOf({ id: 'a' })]).toEqual(['cvat', ['KeyA']]);
  expect(told).not.toHaveBeenCalled();
  for (const value of [undefined, null, 'cvat', { preset: 'vim', remap: {} }, { preset: 'cvat', remap: { a: 'KeyA' } }]) // biome-ignore format: one line
    expect(keyChoiceOf(value)).toBeNull();
});
