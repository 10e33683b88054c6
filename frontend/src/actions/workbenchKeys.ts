/**
 * The keys of the workbench, apart from it, so that a person can change them without opening a queue. The title of each is
 * `action.<id>` of the workbench's words; people's own keys are stored under `workbench.<id>`.
 */
export const WORKBENCH_KEYS = {
  search: { group: 'answer', scope: 'workbench.choice', keys: ['Slash', 'key:/', 'KeyC'] },
  none: { group: 'answer', scope: 'workbench.choice', keys: ['KeyN'] },
  cannotTell: { group: 'answer', scope: 'workbench.choice', keys: ['KeyT'] },
  submit: { group: 'answer', scope: 'workbench.choice', keys: ['Enter'] },
  nextQuestion: { group: 'answer', scope: 'workbench.choice', keys: ['ArrowDown'] },
  previousQuestion: { group: 'answer', scope: 'workbench.choice', keys: ['ArrowUp'] },
  previous: { group: 'task', scope: 'workbench', keys: ['KeyA', 'ArrowLeft'] },
  next: { group: 'task', scope: 'workbench', keys: ['KeyD', 'ArrowRight'] },
  skip: { group: 'task', scope: 'workbench', keys: ['KeyX'] },
  flag: { group: 'task', scope: 'workbench', keys: ['KeyU'] },
  comment: { group: 'task', scope: 'workbench', keys: ['Shift+KeyC'] },
  instructions: { group: 'task', scope: 'workbench', keys: ['KeyI'] },
  fit: { group: 'view', scope: 'workbench', keys: ['KeyF'] },
  actualSize: { group: 'view', scope: 'workbench', keys: ['Mod+Digit0'] },
  zoomIn: { group: 'view', scope: 'workbench', keys: ['Equal', 'NumpadAdd', 'key:+'] },
  scrollDown: { group: 'view', scope: 'workbench', keys: ['PageDown', 'Space'] },
  scrollUp: { group: 'view', scope: 'workbench', keys: ['PageUp', 'Shift+Space'] },
  zoomOut: { group: 'view', scope: 'workbench', keys: ['Minus', 'NumpadSubtract', 'key:-'] },
  panLeft: { group: 'view', scope: 'workbench', keys: ['Mod+ArrowLeft'] },
  panRight: { group: 'view', scope: 'workbench', keys: ['Mod+ArrowRight'] },
  panUp: { group: 'view', scope: 'workbench', keys: ['Mod+ArrowUp'] },
  panDown: { group: 'view', scope: 'workbench', keys: ['Mod+ArrowDown'] },
  adjust: { group: 'view', scope: 'workbench', keys: ['Shift+KeyB'] },
  resetLook: { group: 'view', scope: 'workbench', keys: ['Shift+KeyQ'] },
  crosshair: { group: 'view', scope: 'workbench', keys: ['Backquote'] },
  grid: { group: 'view', scope: 'workbench', keys: ['Shift+KeyG'] },
  undo: { group: 'answer', scope: 'workbench', keys: ['Mod+KeyZ'] },
  redo: { group: 'answer', scope: 'workbench', keys: ['Mod+Shift+KeyZ', 'Mod+KeyY'] },
  gridLeft: { group: 'grid', scope: 'grid', keys: ['ArrowLeft'] },
  gridRight: { group: 'grid', scope: 'grid', keys: ['ArrowRight'] },
  gridUp: { group: 'grid', scope: 'grid', keys: ['ArrowUp'] },
  gridDown: { group: 'grid', scope: 'grid', keys: ['ArrowDown'] },
  gridExtendLeft: { group: 'grid', scope: 'grid', keys: ['Shift+ArrowLeft'] },
  gridExtendRight: { group: 'grid', scope: 'grid', keys: ['Shift+ArrowRight'] },
  gridExtendUp: { group: 'grid', scope: 'grid', keys: ['Shift+ArrowUp'] },
  gridExtendDown: { group: 'grid', scope: 'grid', keys: ['Shift+ArrowDown'] },
  gridToggle: { group: 'grid', scope: 'grid', keys: ['Space'] },
  gridAll: { group: 'grid', scope: 'grid', keys: ['Mod+KeyA'] },
  gridNone: { group: 'grid', scope: 'grid', keys: ['Escape'] },
  gridClear: { group: 'grid', scope: 'grid', keys: ['Delete', 'Backspace'] },
  gridConfirm: { group: 'grid', scope: 'grid', keys: ['KeyY'] },
  gridAsk: { group: 'grid', scope: 'grid', keys: ['Shift+KeyY'] },
} as const satisfies Record<string, { group: string; scope: string; keys: readonly string[] }>;

export type WorkbenchKey = keyof typeof WORKBENCH_KEYS;

/** Where the picture goes, in pixels of the screen: the view goes the other way. */
export const PANS = [
  ['panLeft', 80, 0],
  ['panRight', -80, 0],
  ['panUp', 0, 80],
  ['panDown', 0, -80],
] as const satisfies readonly (readonly [WorkbenchKey, number, number])[];
