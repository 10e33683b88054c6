import type { ShapeDocument } from './model/document';
import { type ShapeJson, shapesFromJson, shapesToJson } from './model/json';
import type { Size } from './viewport';

/** What is kept in the browser after every step, so that a crash costs nothing. Plain JSON. */
export interface Draft extends Size {
  readonly version: 1;
  readonly shapes: readonly ShapeJson[];
  readonly selection: readonly string[];
}

export function toDraft(document: ShapeDocument, selection: ReadonlySet<string>): Draft {
  return {
    version: 1,
    width: document.width,
    height: document.height,
    shapes: shapesToJson(document.shapes),
    selection: [...selection],
  };
}

export type DraftRefusal = 'other_version' | 'other_size' | 'unreadable';

/** The document in a draft, or why it cannot be taken. A draft of a picture of another size is not stretched. */
export function fromDraft(
  draft: Draft,
  size: Size,
): { document: ShapeDocument; selection: ReadonlySet<string> } | { refused: DraftRefusal } {
  if (draft.version !== 1) return { refused: 'other_version' };
  if (draft.width !== size.width || draft.height !== size.height) return { refused: 'other_size' };
  const { shapes, faults } = shapesFromJson(draft.shapes);
  if (faults.length > 0) return { refused: 'unreadable' };
  return {
    document: { width: size.width, height: size.height, shapes },
    selection: new Set(draft.selection),
  };
}
