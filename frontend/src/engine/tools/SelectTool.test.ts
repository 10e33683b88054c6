import { beforeEach, expect, test } from 'vitest';
import {
  deleteChosen,
  duplicate,
  nudge,
  paste,
  restackChosen,
  selectAlike,
  selectNext,
  setAttributes,
  setFlag,
  solo,
} from '../commands';
import { Editor } from '../editor';
import { makeShape } from '../model/shapes';
import { click, drag, pointerAt, press } from '../testHand';
import { SIZE } from '../testShapes';

let editor: Editor;
let refusals: string[];
const box = (id: string, x: number, classKey = 'car') =>
  makeShape({ kind: 'box', x, y: 20, width: 30, height: 30 }, classKey, id);

beforeEach(() => {
  editor = new Editor();
  editor.open({ ...SIZE, shapes: [box('a', 10), box('b', 60, 'tree'), box('c', 110)] });
  refusals = [];
  editor.onComplaint(({ why }) => refusals.push(why));
});

const chosen = () => [...editor.selection].sort().join('');
const byId = (id: string) => editor.document.shapes.find((shape) => shape.id === id);

test('a click chooses, Shift adds and takes away, a click on nothing lets go', () => {
  click(editor, 20, 30);
  expect(chosen()).toBe('a');
  click(editor, 70, 30, { shift: true });
  expect(chosen()).toBe('ab');
  click(editor, 20, 30, { shift: true });
  expect(chosen()).toBe('b');
  click(editor, 190, 100);
  expect(chosen()).toBe('');
});

test('a drag moves all that is chosen, stops at the edge, and is one step', () => {
  click(editor, 20, 30);
  click(editor, 70, 30, { shift: true });
  drag(editor, [
    [70, 30],
    [75, 30],
    [50, 60],
    [-100, 65],
  ]);
  expect(byId('a')).toMatchObject({ x: 0, y: 55 });
  expect(byId('b')).toMatchObject({ x: 50, y: 55 });
  editor.undo();
  expect(byId('a')).toMatchObject({ x: 10, y: 20 });
  expect(chosen()).toBe('ab');
  expect(editor.undo()).toBe(false);
});

test('while it is dragged a shape is lifted from the layer below', () => {
  editor.pointer('down', pointerAt(editor, 20, 30));
  editor.pointer('move', pointerAt(editor, 40, 30));
  expect([...(editor.overlay.lifted ?? [])]).toEqual(['a']);
  expect(editor.overlay.shapes?.[0]).toMatchObject({ id: 'a', x: 30 });
  expect(byId('a')).toMatchObject({ x: 10 });
  press(editor, 'Escape');
  editor.pointer('up', pointerAt(editor, 40, 30));
  expect(byId('a')).toMatchObject({ x: 10 });
});

test('a click on one of several means it alone', () => {
  click(editor, 20, 30);
  click(editor, 70, 30, { shift: true });
  click(editor, 70, 30);
  expect(chosen()).toBe('b');
});

test('handles reshape', () => {
  click(editor, 20, 30);
  drag(editor, [
    [40, 50],
    [45, 60],
    [50, 70],
  ]);
  expect(byId('a')).toMatchObject({ x: 10, y: 20, width: 40, height: 50 });
  editor.undo();
  expect(byId('a')).toMatchObject({ width: 30, height: 30 });
});

test('a rubber band to the right takes what lies in it, to the left what it touches', () => {
  drag(editor, [
    [5, 5],
    [50, 60],
    [80, 60],
  ]);
  expect(chosen()).toBe('a');
  drag(editor, [
    [80, 60],
    [50, 40],
    [5, 5],
  ]);
  expect(chosen()).toBe('ab');
  drag(
    editor,
    [
      [145, 55],
      [140, 30],
      [120, 25],
    ],
    { shift: true },
  );
  expect(chosen()).toBe('abc');
});

test('vertices: drawn in, taken out by Alt or Delete, the last three refused', () => {
  const polygon = makeShape(
    {
      kind: 'polygon',
      rings: [
        [
          { x: 20, y: 20 },
          { x: 120, y: 20 },
          { x: 70, y: 100 },
        ],
      ],
    },
    'car',
    'p',
  );
  editor.open({ ...SIZE, shapes: [polygon] });
  click(editor, 70, 50);
  drag(editor, [
    [70, 20],
    [70, 15],
    [70, 5],
  ]);
  const vertices = () => {
    const shape = byId('p');
    return shape?.kind === 'polygon' ? shape.rings[0]?.length : 0;
  };
  expect(vertices()).toBe(4);
  click(editor, 70, 5);
  expect(deleteChosen(editor)).toBe(true);
  expect(vertices()).toBe(3);
  editor.undo();
  click(editor, 70, 5, { alt: true });
  expect(vertices()).toBe(3);
  click(editor, 20, 20, { alt: true });
  expect(refusals).toEqual(['too_few_points']);
  expect(byId('p')).toBeDefined();
});

test('a reshape that would cross itself changes nothing and says why', () => {
  const polygon = makeShape(
    {
      kind: 'polygon',
      rings: [
        [
          { x: 20, y: 20 },
          { x: 120, y: 20 },
          { x: 120, y: 100 },
          { x: 20, y: 100 },
        ],
      ],
    },
    'car',
    'p',
  );
  editor.open({ ...SIZE, shapes: [polygon] });
  click(editor, 70, 50);
  drag(editor, [
    [20, 20],
    [100, 60],
    [150, 60],
  ]);
  expect(refusals).toEqual(['self_crossing']);
  expect(byId('p')).toEqual(polygon);
});

test('what is locked or hidden cannot be taken', () => {
  setFlag(editor, ['a'], 'locked', true);
  setFlag(editor, ['b'], 'hidden', true);
  click(editor, 20, 30);
  expect(chosen()).toBe('');
  click(editor, 70, 30);
  expect(chosen()).toBe('');
  editor.select(['a']);
  expect(deleteChosen(editor)).toBe(false);
  expect(refusals).toEqual(['locked']);
  editor.undo();
  editor.undo();
  expect(byId('a')?.locked).toBe(false);
});

test('commands: nudging is one step, deleting, stacking, attributes', () => {
  editor.select(['a']);
  nudge(editor, -1, 0);
  nudge(editor, -100, 0);
  nudge(editor, 3, 0);
  expect(byId('a')).toMatchObject({ x: 3 });
  editor.undo();
  expect(byId('a')).toMatchObject({ x: 10 });
  restackChosen(editor, 'front');
  expect(editor.document.shapes.at(-1)?.id).toBe('a');
  setAttributes(editor, { plate: 'A' });
  setAttributes(editor, { plate: 'AB' });
  expect(byId('a')?.attributes).toEqual({ plate: 'AB' });
  editor.undo();
  expect(byId('a')?.attributes).toEqual({});
  deleteChosen(editor);
  expect(byId('a')).toBeUndefined();
  editor.undo();
  expect(chosen()).toBe('a');
  editor.setClass('tree');
  expect(byId('a')?.classKey).toBe('tree');
});

test('commands: alike, next, solo', () => {
  editor.select(['a']);
  selectAlike(editor);
  expect(chosen()).toBe('ac');
  editor.select([]);
  expect(selectNext(editor, -1)?.id).toBe('c');
  expect(selectNext(editor, 1)?.id).toBe('a');
  solo(editor, 'tree');
  expect(editor.document.shapes.filter(editor.visible).map((shape) => shape.id)).toEqual(['b']);
  solo(editor, null);
  expect(editor.document.shapes.every(editor.visible)).toBe(true);
});

test('copies for the next picture come in with ids of their own, and what cannot is counted', () => {
  const copied = editor.document.shapes;
  editor.open({ width: 100, height: 60, shapes: [] });
  const wide = makeShape({ kind: 'box', x: 0, y: 0, width: 150, height: 10 }, 'car', 'w');
  expect(paste(editor, [...copied, wide], 'copy')).toEqual({ added: 3, left: 1 });
  expect(editor.selection.size).toBe(3);
  expect(editor.document.shapes.map((shape) => shape.kind === 'box' && shape.x)).toEqual([10, 60, 70]);
  expect(byId('a')).toBeUndefined();
  expect(duplicate(editor).added).toBe(3);
  editor.undo();
  editor.undo();
  expect(editor.document.shapes).toEqual([]);
});
