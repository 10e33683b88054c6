import type { Remap } from './keymap';

/** Keys that people know from elsewhere. A preset stands between the keys given here and a person's own. */

export type Preset = 'touchstone' | 'cvat';

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'];

const CVAT: Remap = {
  'workbench.next': ['KeyF', 'ArrowRight'],
  'workbench.previous': ['KeyD', 'ArrowLeft'],
  'workbench.submit': ['Enter', 'Mod+KeyS'],
  'workbench.fit': ['Shift+KeyF'],
  'workbench.actualSize': ['Alt+Digit0'],
  // There N draws again what was drawn last.
  'workbench.none': ['Shift+KeyN'],
  'workbench.shapes.lastTool': ['KeyN'],
  ...Object.fromEntries(
    DIGITS.map((digit) => [`workbench.class.Digit${digit}`, [`Digit${digit}`, `Mod+Digit${digit}`]]),
  ),
};

export const PRESETS: Record<Preset, Remap> = { touchstone: {}, cvat: CVAT };

export const isPreset = (value: unknown): value is Preset => typeof value === 'string' && value in PRESETS;

/** A person's choice: a preset, and what they changed in it. */
export interface KeyChoice {
  preset: Preset;
  remap: Remap;
}

const isRemap = (value: unknown): value is Remap =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((keys) => Array.isArray(keys) && keys.every((key) => typeof key === 'string'));

/** What the server keeps of a person, when it makes sense; it may be older or newer than this page. */
export function keyChoiceOf(value: unknown): KeyChoice | null {
  if (typeof value !== 'object' || value === null) return null;
  const { preset, remap } = value as Record<string, unknown>;
  return isPreset(preset) && isRemap(remap) ? { preset, remap } : null;
}
