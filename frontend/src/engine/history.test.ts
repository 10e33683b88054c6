import fc from 'fast-check';
import { expect, test } from 'vitest';
import { History, type Moment } from './history';
import {
  addShapes,
  emptyDocument,
  removeShapes,
  replaceShapes,
  restack,
  type ShapeDocument,
} from './model/document';
import { makeShape } from './model/shapes';
import { SIZE, shapesIn } from './testShapes';

const none: ReadonlySet<string> = new Set();

/** Some change, chosen by numbers so that a failing case can be made smaller. */
const change = fc.record({
  what: fc.constantFrom('add', 'remove', 'replace', 'front', 'backward'),
  which: fc.nat(20),
  shapes: shapesIn(3),
});
let serial = 0;

function apply(
  document: ShapeDocument,
  step: { what: string; which: number; shapes: typeof document.shapes },
) {
  const picked = document.shapes[step.which % Math.max(1, document.shapes.length)];
  const ids = new Set(picked ? [picked.id] : []);
  if (step.what === 'remove') return removeShapes(document, ids);
  if (step.what === 'replace')
    return replaceShapes(document, picked ? [{ ...picked, classKey: 'tree' }] : []);
  if (step.what === 'front') return restack(document, ids, 'front');
  if (step.what === 'backward') return restack(document, ids, 'backward');
  return addShapes(
    document,
    step.shapes.map((shape) => ({ ...shape, id: `n${serial++}` })),
  );
}

test('undo takes every step back in turn, redo does it again', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 25 }), (changes) => {
      const history = new History(emptyDocument(SIZE));
      const seen = [JSON.stringify(history.current.document)];
      for (const step of changes) {
        const document = apply(history.current.document, step);
        if (history.commit({ document, selection: none }, step.what)) seen.push(JSON.stringify(document));
      }
      for (let at = seen.length - 1; at >= 0; at -= 1) {
        expect(JSON.stringify(history.current.document)).toBe(seen[at]);
        expect(history.undo() !== null).toBe(at > 0);
      }
      expect(history.dirty).toBe(false);
      for (let at = 0; at < seen.length; at += 1) {
        expect(JSON.stringify(history.current.document)).toBe(seen[at]);
        expect(history.redo() !== null).toBe(at < seen.length - 1);
      }
    }),
  );
});

const at = (x: number): Moment => ({
  document: { ...SIZE, shapes: [makeShape({ kind: 'point', x, y: 1 }, 'car', 'a')] },
  selection: new Set(['a']),
});

test('moves with one key are one step until it is sealed', () => {
  const start = at(0);
  const history = new History(start.document);
  history.commit(at(1), 'move', 'drag');
  history.commit(at(2), 'move', 'drag');
  history.seal();
  history.commit(at(3), 'move', 'drag');
  history.undo();
  expect(history.current.document.shapes[0]).toMatchObject({ x: 2 });
  history.undo();
  expect(history.current.document).toBe(start.document);
  expect(history.undo()).toBeNull();
  history.redo();
  expect(history.current.document.shapes[0]).toMatchObject({ x: 2 });
  // What is redone is closed: the same key opens a new step.
  history.commit(at(9), 'move', 'drag');
  history.undo();
  expect(history.current.document.shapes[0]).toMatchObject({ x: 2 });
});

test('a new step forgets what was undone; saving makes clean, undoing dirty', () => {
  const history = new History(at(0).document);
  history.commit(at(1), 'move');
  history.markSaved();
  expect(history.dirty).toBe(false);
  history.undo();
  expect(history.dirty).toBe(true);
  expect(history.redoLabel).toBe('move');
  history.commit(at(5), 'draw');
  expect(history.redo()).toBeNull();
  expect(history.undoLabel).toBe('draw');
});

test('choosing is not a step', () => {
  const history = new History(at(0).document);
  history.select(new Set(['a']));
  expect(history.commit({ document: history.current.document, selection: none }, 'x')).toBe(false);
  expect(history.undo()).toBeNull();
  expect(history.dirty).toBe(false);
});
