import { SHAPE_KEYS, type ShapeKeyName } from '@/actions/drawingKeys';
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
  lastTool: { keys: SHAPE_KEYS.lastTool, run: ({ editor }) => editor.useLast() },
  merge: {
    keys: SHAPE_KEYS.merge,
    needs: 'polygon',
    changes: true,
    run: ({ editor }) => void merge(editor),
  },
  delete: { keys: SHAPE_KEYS.delete, changes: true, run: ({ editor }) => void deleteChosen(editor) },
  copy: {
    keys: SHAPE_KEYS.copy,
    run: (desk) => {
      if (desk.editor.chosen.length > 0) desk.clipboard = desk.editor.chosen;
      else desk.editor.refuse('nothing_chosen');
    },
  },
  copyAll: {
    keys: SHAPE_KEYS.copyAll,
    run: (desk) => {
      desk.clipboard = desk.editor.document.shapes;
    },
  },
  paste: { keys: SHAPE_KEYS.paste, changes: true, run: pasteInto },
  duplicate: {
    keys: SHAPE_KEYS.duplicate,
    changes: true,
    run: (desk) => {
      if (desk.editor.chosen.length === 0) desk.editor.refuse('nothing_chosen');
      else desk.saidLeft(duplicate(desk.editor).left);
    },
  },
  selectAlike: { keys: SHAPE_KEYS.selectAlike, run: ({ editor }) => selectAlike(editor) },
  forward: {
    keys: SHAPE_KEYS.forward,
    changes: true,
    run: ({ editor }) => void restackChosen(editor, 'forward'),
  },
  backward: {
    keys: SHAPE_KEYS.backward,
    changes: true,
    run: ({ editor }) => void restackChosen(editor, 'backward'),
  },
  front: {
    keys: SHAPE_KEYS.front,
    changes: true,
    run: ({ editor }) => void restackChosen(editor, 'front'),
  },
  back: {
    keys: SHAPE_KEYS.back,
    changes: true,
    run: ({ editor }) => void restackChosen(editor, 'back'),
  },
  hideAll: {
    keys: SHAPE_KEYS.hideAll,
    run: ({ editor }) => editor.setAllHidden(!editor.snapshot().allHidden),
  },
  hide: { keys: SHAPE_KEYS.hide, run: ({ editor }) => toggle(editor, 'hidden') },
  solo: { keys: SHAPE_KEYS.solo, run: ({ editor }) => soloChosen(editor) },
  lock: { keys: SHAPE_KEYS.lock, run: ({ editor }) => toggle(editor, 'locked') },
  zoomToSelection: { keys: SHAPE_KEYS.zoomToSelection, run: (_desk, stage) => stage?.zoomToSelection() },
  smaller: { keys: SHAPE_KEYS.smaller, needs: 'mask', repeats: true, run: brush(false) },
  larger: { keys: SHAPE_KEYS.larger, needs: 'mask', repeats: true, run: brush(true) },
} as const satisfies Record<ShapeKeyName, ShapeAction>;

export type ShapeActionName = ShapeKeyName;
