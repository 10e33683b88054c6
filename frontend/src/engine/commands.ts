import type { Editor } from './editor';
import { shapeBounds } from './model/bounds';
import { addShapes, type Restack, removeShapes, restack } from './model/document';
import { unite } from './model/geometry';
import { type Attributes, newShapeId, type Shape } from './model/shapes';
import { clampMove, copyInto, moveShape } from './model/transform';

/** What menus and keys do with the chosen shapes. Each is one step of history; what is locked stays as it is. */

const open = (editor: Editor): Shape[] => editor.chosen.filter((shape) => !shape.locked);

export function deleteChosen(editor: Editor): boolean {
  // A vertex that is picked is meant before the whole shape.
  if (editor.key({ code: 'Delete', shift: false, alt: false, ctrl: false })) return true;
  const ids = new Set(open(editor).map((shape) => shape.id));
  if (ids.size === 0) {
    editor.refuse(editor.selection.size > 0 ? 'locked' : 'nothing_chosen');
    return false;
  }
  return editor.commit(removeShapes(editor.document, ids), 'delete');
}

/** Presses in a row are one step. */
export function nudge(editor: Editor, dx: number, dy: number): boolean {
  const shapes = open(editor);
  const [first] = shapes;
  if (!first) return false;
  const around = shapes.map(shapeBounds).reduce(unite, shapeBounds(first));
  const step = clampMove(around, dx, dy, editor.document);
  if (step.dx === 0 && step.dy === 0) return true;
  return editor.replace(
    shapes.map((shape) => moveShape(shape, step.dx, step.dy)),
    'move',
    `nudge ${shapes.map((shape) => shape.id).join(' ')}`,
  );
}

export function restackChosen(editor: Editor, how: Restack): boolean {
  return editor.commit(restack(editor.document, editor.selection, how), 'restack');
}

export function setFlag(
  editor: Editor,
  ids: Iterable<string>,
  flag: 'hidden' | 'locked',
  on: boolean,
): boolean {
  const wanted = new Set(ids);
  const shapes = editor.document.shapes
    .filter((shape) => wanted.has(shape.id) && shape[flag] !== on)
    .map((shape) => ({ ...shape, [flag]: on }));
  const labels = { hidden: on ? 'hide' : 'show', locked: on ? 'lock' : 'unlock' };
  return shapes.length > 0 && editor.replace(shapes, labels[flag]);
}

/** Shows nothing but one class; null shows all again. */
export function solo(editor: Editor, classKey: string | null): void {
  const keys = new Set(editor.document.shapes.map((shape) => shape.classKey));
  if (classKey !== null) keys.delete(classKey);
  editor.setHiddenClasses(classKey === null ? [] : keys);
}

/** Typing into one field is one step. */
export function setAttributes(editor: Editor, values: Attributes): boolean {
  const shapes = open(editor).map((shape) => ({ ...shape, attributes: { ...shape.attributes, ...values } }));
  return editor.replace(shapes, 'attributes', `attributes ${Object.keys(values).join(' ')}`);
}

/** All of the class of the chosen shapes, or all there are. */
export function selectAlike(editor: Editor): void {
  const classes = new Set(editor.chosen.map((shape) => shape.classKey));
  const alike = (shape: Shape) =>
    editor.editable(shape) && (classes.size === 0 || classes.has(shape.classKey));
  editor.select(editor.document.shapes.filter(alike).map((shape) => shape.id));
}

/** The next or previous shape that can be seen, round and round; null when there is none. */
export function selectNext(editor: Editor, by: 1 | -1): Shape | null {
  const shapes = editor.document.shapes.filter(editor.visible);
  const at = shapes.findIndex((shape) => editor.selection.has(shape.id));
  const start = at < 0 && by < 0 ? 0 : at;
  const next = shapes[(start + by + shapes.length) % Math.max(1, shapes.length)] ?? null;
  if (next) editor.select([next.id]);
  return next;
}

export interface Pasted {
  readonly added: number;
  /** Too large for this picture, or masks of another size. */
  readonly left: number;
}

/** Puts copies of shapes, of this picture or another, into this one and chooses them. */
export function paste(editor: Editor, shapes: readonly Shape[], label = 'paste'): Pasted {
  const copies = shapes.flatMap((shape) => copyInto(shape, editor.document, newShapeId()) ?? []);
  if (copies.length === 0) return { added: 0, left: shapes.length };
  const done = editor.commit(addShapes(editor.document, copies), label, {
    selection: copies.map((shape) => shape.id),
  });
  const added = done ? copies.length : 0;
  return { added, left: shapes.length - added };
}

/** Copies beside the chosen shapes, as far as there is room. */
export function duplicate(editor: Editor): Pasted {
  const step = 12 / editor.scale;
  const beside = editor.chosen.map((shape) => {
    const { dx, dy } = clampMove(shapeBounds(shape), step, step, editor.document);
    return moveShape(shape, dx, dy);
  });
  return paste(editor, beside, 'duplicate');
}
