import { deleteChosen, duplicate, paste, restackChosen, selectAlike, setFlag, solo } from '@/engine/commands';
import type { Editor } from '@/engine/editor';
import type { ShapeStage } from '@/engine/ShapeStage';
import { merge } from '@/engine/tools/booleanActions';
import { nextBrushSize } from '@/engine/tools/MaskTool';
import type { Desk } from './Desk';

/** What can be done with shapes: keys, palette, `?` and buttons are made of this list. Words are under `action.<name>`. */

export interface ShapeAction {
  readonly keys: readonly string[];
  /** Left out where the question takes no polygons, or no masks. */
  readonly needs?: 'polygon' | 'mask';
  readonly repeats?: boolean;
  /** Changes a label, so it is not there for an answer that can no longer be changed. */
  readonly changes?: boolean;
  readonly run: (desk: Desk, stage: ShapeStage | null) => void;
}

const toggle = (editor: Editor, flag: 'hidden' | 'locked') => {
  const { chosen } = editor;
  if (chosen.length === 0) editor.refuse('nothing_chosen');
  else
    setFlag(
      editor,
      chosen.map(({ id }) => id),
      flag,
      !chosen.every((shape) => shape[flag]),
    );
};

function pasteInto(desk: Desk): void {
  if (desk.clipboard.length === 0) desk.editor.refuse('nothing_chosen');
  else desk.saidLeft(paste(desk.editor, desk.clipboard).left);
}

function soloChosen(editor: Editor): void {
  const [first] = editor.chosen;
  if (editor.snapshot().hiddenClasses.size > 0) solo(editor, null);
  else if (first) solo(editor, first.classKey);
  else editor.refuse('nothing_chosen');
}

const brush = (up: boolean) => (desk: Desk) => {
  const { editor } = desk;
  editor.setSettings({ brushSize: nextBrushSize(editor.settings.brushSize, up) });
};

export const SHAPE_ACTIONS = {
  undo: { keys: ['Mod+KeyZ'], repeats: true, changes: true, run: ({ editor }) => void editor.undo() },
  redo: {
    keys: ['Mod+Shift+KeyZ', 'Mod+KeyY'],
    repeats: true,
    changes: true,
    run: ({ editor }) => void editor.redo(),
  },
  lastTool: { keys: ['Shift+KeyV'], run: ({ editor }) => editor.useLast() },
  merge: {
    keys: ['Shift+KeyM'],
    needs: 'polygon',
    changes: true,
    run: ({ editor }) => void merge(editor),
  },
  delete: { keys: ['Delete', 'Backspace'], changes: true, run: ({ editor }) => void deleteChosen(editor) },
  copy: {
    keys: ['Mod+KeyC'],
    run: (desk) => {
      if (desk.editor.chosen.length > 0) desk.clipboard = desk.editor.chosen;
      else desk.editor.refuse('nothing_chosen');
    },
  },
  copyAll: {
    keys: ['Mod+Shift+KeyC'],
    run: (desk) => {
      desk.clipboard = desk.editor.document.shapes;
    },
  },
  paste: { keys: ['Mod+KeyV'], changes: true, run: pasteInto },
  duplicate: {
    keys: ['Mod+KeyD'],
    changes: true,
    run: (desk) => {
      if (desk.editor.chosen.length === 0) desk.editor.refuse('nothing_chosen');
      else desk.saidLeft(duplicate(desk.editor).left);
    },
  },
  selectAlike: { keys: ['Mod+KeyA'], run: ({ editor }) => selectAlike(editor) },
  forward: {
    keys: ['Mod+BracketRight'],
    changes: true,
    run: ({ editor }) => void restackChosen(editor, 'forward'),
  },
  backward: {
    keys: ['Mod+BracketLeft'],
    changes: true,
    run: ({ editor }) => void restackChosen(editor, 'backward'),
  },
  front: {
    keys: ['Mod+Shift+BracketRight'],
    changes: true,
    run: ({ editor }) => void restackChosen(editor, 'front'),
  },
  back: {
    keys: ['Mod+Shift+BracketLeft'],
    changes: true,
    run: ({ editor }) => void restackChosen(editor, 'back'),
  },
  hideAll: {
    keys: ['KeyH'],
    run: ({ editor }) => editor.setAllHidden(!editor.snapshot().allHidden),
  },
  hide: { keys: ['Shift+KeyH'], run: ({ editor }) => toggle(editor, 'hidden') },
  solo: { keys: ['Shift+KeyI'], run: ({ editor }) => soloChosen(editor) },
  lock: { keys: ['Shift+KeyL'], run: ({ editor }) => toggle(editor, 'locked') },
  zoomToSelection: { keys: ['KeyZ'], run: (_desk, stage) => stage?.zoomToSelection() },
  smaller: { keys: ['BracketLeft'], needs: 'mask', repeats: true, run: brush(false) },
  larger: { keys: ['BracketRight'], needs: 'mask', repeats: true, run: brush(true) },
} as const satisfies Record<string, ShapeAction>;

export type ShapeActionName = keyof typeof SHAPE_ACTIONS;
