/**
 * The keys of drawing, apart from the engine that draws, so that a person can change them without opening a queue. Words are
 * under `tool.<name>` and `action.<name>` of the shapes; people's own keys are stored under the ids.
 */

/** What a hand can hold, in the order of the rail. S is the cleverest object finder that is there. */
export const TOOL_KEYS = {
  select: ['KeyV'],
  box: ['KeyB'],
  rotated_box: ['KeyR'],
  polygon: ['KeyP'],
  polyline: ['Shift+KeyP'],
  point: ['Period', 'key:.'],
  keypoints: ['KeyK'],
  brush: ['KeyM'],
  eraser: ['KeyE'],
  livewire: ['KeyL'],
  wand: ['KeyW'],
  smart: ['KeyS'],
  assist: ['KeyG', 'KeyS'],
  cut: ['Shift+KeyD'],
  slice: ['Shift+KeyS'],
} as const satisfies Record<string, readonly string[]>;

export type ToolKeyName = keyof typeof TOOL_KEYS;

export const toolId = (name: string): string => `workbench.tool.${name}`;

/** A tool's keys beside these tools. */
export function toolKeys(name: ToolKeyName, beside: readonly string[]): readonly string[] {
  const keys: readonly string[] = TOOL_KEYS[name];
  return name === 'assist' && beside.includes('smart') ? keys.filter((key) => key !== 'KeyS') : keys;
}

/** What can be done with shapes. */
export const SHAPE_KEYS = {
  lastTool: ['Shift+KeyV'],
  merge: ['Shift+KeyM'],
  delete: ['Delete', 'Backspace'],
  copy: ['Mod+KeyC'],
  copyAll: ['Mod+Shift+KeyC'],
  paste: ['Mod+KeyV'],
  duplicate: ['Mod+KeyD'],
  selectAlike: ['Mod+KeyA'],
  forward: ['Mod+BracketRight'],
  backward: ['Mod+BracketLeft'],
  front: ['Mod+Shift+BracketRight'],
  back: ['Mod+Shift+BracketLeft'],
  hideAll: ['KeyH'],
  hide: ['Shift+KeyH'],
  solo: ['Shift+KeyI'],
  lock: ['Shift+KeyL'],
  zoomToSelection: ['KeyZ'],
  smaller: ['BracketLeft'],
  larger: ['BracketRight'],
} as const satisfies Record<string, readonly string[]>;

export type ShapeKeyName = keyof typeof SHAPE_KEYS;

export const shapeId = (name: string): string => `workbench.shapes.${name}`;
