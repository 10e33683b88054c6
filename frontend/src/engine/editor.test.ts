import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ownEyes } from './assist/ownEyes';
import {
  deleteChosen,
  duplicate,
  nudge,
  paste,
  restackChosen,
  selectAlike,
  selectNext,
  setFlag,
} from './commands';
import { fromDraft } from './draft';
import { Editor } from './editor';
import { makeShape } from './model/shapes';
import { validate } from './model/validate';
import { click, drag, press } from './testHand';
import { documentIn, PERSON, SIZE } from './testShapes';
import type { Pixels, ToolName } from './tools/tool';

const TOOLS: ToolName[] = [
  'select',
  'box',
  'rotated_box',
  'polygon',
  'polyline',
  'point',
  'keypoints',
  'brush',
  'eraser',
  'wand',
  'livewire',
];
const KEYS = ['Enter', 'Escape', 'Backspace', 'Delete', 'Tab', 'KeyO', 'KeyN'];

/** A hand may leave the picture. */
const place = fc.tuple(
  fc.integer({ min: -20, max: SIZE.width + 20 }),
  fc.integer({ min: -20, max: SIZE.height + 20 }),
);
const held = fc.record({ shift: fc.boolean(), alt: fc.boolean(), clicks: fc.constantFrom(1, 1, 2) });

type Act = (editor: Editor) => unknown;
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.constantFrom(...TOOLS).map(
    (tool): Act =>
      (editor) =>
        editor.use(tool),
  ),
  fc.tuple(place, held).map(
    ([[x, y], how]): Act =>
      (editor) =>
        click(editor, x, y, how),
  ),
  fc.tuple(fc.array(place, { minLength: 2, maxLength: 5 }), held).map(
    ([path, how]): Act =>
      (editor) =>
        drag(editor, path, how),
  ),
  fc.constantFrom(...KEYS).map(
    (code): Act =>
      (editor) =>
        press(editor, code),
  ),
  fc.constantFrom<Act>(
    deleteChosen,
    duplicate,
    selectAlike,
    (editor) => selectNext(editor, 1),
    (editor) => nudge(editor, 10, -1),
    (editor) => restackChosen(editor, 'back'),
    (editor) => setFlag(editor, editor.selection, 'locked', true),
    (editor) => editor.setClass('tree'),
    (editor) => editor.undo(),
    (editor) => editor.redo(),
    (editor) => paste(editor, editor.document.shapes.slice(0, 2)),
  ),
);

const stripes: Pixels = {
  ...SIZE,
  data: Uint8ClampedArray.from({ length: SIZE.width * SIZE.height * 4 }, (_, i) =>
    (i >> 2) % 40 < 20 ? 40 : 200,
  ),
};

test('whatever a hand does, the labels stay valid, and undo leads back to the beginning and redo forth again', () => {
  fc.assert(
    fc.property(documentIn(5), fc.array(act, { minLength: 5, maxLength: 40 }), (document, acts) => {
      const editor = new Editor({
        eyes: ownEyes,
        templates: [PERSON],
        settings: { brushSize: 12, wandTolerance: 10 },
      });
      editor.open(document, () => stripes);
      editor.setClass('car');
      for (const step of acts) {
        step(editor);
        expect(validate(editor.document, { templates: editor.templates })).toEqual([]);
      }
      editor.cancel();
      const end = editor.document;
      while (editor.undo());
      expect(editor.document).toEqual(document);
      while (editor.redo());
      // Whatever had been undone by the hand comes back as well: go back to where the hand stopped.
      const seen = [editor.document];
      while (editor.undo()) seen.push(editor.document);
      expect(seen).toContain(end);
      expect(seen.at(-1)).toEqual(document);
    }),
    { numRuns: 120 },
  );
});

test('a draft brings the work back as it was', () => {
  const editor = new Editor();
  editor.open({ ...SIZE, shapes: [makeShape({ kind: 'point', x: 5, y: 5 }, 'car', 'a')] });
  editor.use('box');
  drag(editor, [
    [10, 10],
    [40.123456, 50],
  ]);
  const back = fromDraft(JSON.parse(JSON.stringify(editor.draft())), SIZE);
  expect(back).toEqual({ document: editor.document, selection: editor.selection });
});

test('the state is one object until something changes', () => {
  const editor = new Editor();
  editor.open({ ...SIZE, shapes: [] });
  let calls = 0;
  const stop = editor.subscribe(() => {
    calls += 1;
  });
  const before = editor.snapshot();
  expect(editor.snapshot()).toBe(before);
  editor.use('box');
  expect(calls).toBe(1);
  expect(editor.snapshot()).not.toBe(before);
  drag(editor, [
    [10, 10],
    [40, 50],
  ]);
  expect(editor.snapshot()).toMatchObject({ dirty: true, undoLabel: 'draw', redoLabel: null });
  editor.markSaved();
  expect(editor.snapshot().dirty).toBe(false);
  stop();
  const heard = calls;
  editor.use('select');
  expect(calls).toBe(heard);
  expect(editor.snapshot().tool).toBe('select');
});

test('a class that was retired and shapes without one are told before sending', () => {
  const editor = new Editor({ eyes: ownEyes, rules: { classes: new Set(['car']) } });
  editor.open({
    ...SIZE,
    shapes: [
      makeShape({ kind: 'point', x: 5, y: 5 }, 'gone', 'a'),
      makeShape({ kind: 'point', x: 5, y: 5 }, 'car', 'b'),
    ],
  });
  editor.use('point');
  click(editor, 20, 20);
  expect(editor.document.shapes).toHaveLength(3);
  expect(editor.faults().map(({ code, index }) => [code, index])).toEqual([
    ['unknown_class', 0],
    ['no_class', 2],
  ]);
});
