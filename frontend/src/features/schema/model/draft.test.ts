import { expect, test } from 'vitest';
import {
  addClass,
  addQuestion,
  classesAfter,
  documentOf,
  draftOf,
  isChanged,
  keyOf,
  mayStandUnder,
  moveClass,
  moveQuestion,
  operate,
  removeClass,
  removeQuestion,
  withClass,
  withoutOperation,
} from './draft';
import { hotkeyProblem, sequenceOf } from './hotkeys';
import { matching, treeRows } from './tree';
import type { SchemaClass, SchemaQuestion } from './types';

const leaf = (key: string, parent: string | null = null, more: Partial<SchemaClass> = {}): SchemaClass => ({
  key,
  names: { en: key.toUpperCase() },
  parent,
  hotkey: null,
  selectable: true,
  description: '',
  ...more,
});
const question = (classes: SchemaClass[], more: Partial<SchemaQuestion> = {}): SchemaQuestion => ({
  key: 'animal',
  kind: 'single_choice',
  title: { en: 'Animal' },
  help: {},
  allow_none: true,
  allow_cannot_tell: true,
  max_choices: null,
  classes,
  ...more,
});
const base = [question([leaf('pet'), leaf('cat', 'pet'), leaf('cow'), leaf('dog', 'pet')])];
const keys = (draft: { questions: readonly SchemaQuestion[] }) =>
  draft.questions[0]?.classes.map((one) => one.key);

test('a class moves among the classes with its parent and past no others', () => {
  const draft = draftOf(base);
  expect(keys(moveClass(draft, 'animal', 'dog', -1))).toEqual(['pet', 'dog', 'cow', 'cat']);
  expect(keys(moveClass(draft, 'animal', 'pet', 1))).toEqual(['cow', 'cat', 'pet', 'dog']);
  expect(keys(moveClass(draft, 'animal', 'cat', -1))).toEqual(keys(draft));
});

test('keys follow from names and are never used twice', () => {
  expect(keyOf('Grüne Bohne!', new Set(), 'x')).toBe('grune-bohne');
  expect(keyOf('Cat', new Set(['cat', 'cat-2']), 'x')).toBe('cat-3');
  expect(keyOf('고양이', new Set(), 'class-5')).toBe('class-5');
  const [draft, key] = addClass(draftOf(base), 'animal', 'Cat', 'pet');
  expect(key).toBe('cat-2');
  expect(draft.questions[0]?.classes.at(-1)).toMatchObject({
    key: 'cat-2',
    parent: 'pet',
    names: { en: 'Cat' },
  });
});

test('a removed class leaves its children at the top', () => {
  const draft = removeClass(draftOf(base), 'animal', 'pet');
  expect(draft.questions[0]?.classes.map((one) => one.parent)).toEqual([null, null, null]);
});

test('no class may stand under itself', () => {
  const classes = base[0]?.classes ?? [];
  expect(mayStandUnder(classes, 'pet', 'cat')).toBe(false);
  expect(mayStandUnder(classes, 'cat', 'cow')).toBe(true);
  expect(mayStandUnder(classes, 'cat', null)).toBe(true);
});

test('the preview shows what the operations will leave', () => {
  let draft = operate(draftOf(base), { op: 'merge', question: 'animal', classes: ['pet'], into: 'cat' });
  draft = operate(draft, {
    op: 'split',
    question: 'animal',
    class: 'dog',
    into: [{ key: 'pup', names: { en: 'Pup' } }],
  });
  draft = operate(draft, { op: 'retire', question: 'animal', class: 'cow' });
  const [first] = draft.questions;
  const after = first ? classesAfter(first, draft.operations) : [];
  const alive = after.filter((one) => !one.retired).map((one) => [one.key, one.parent]);
  expect(alive).toEqual([
    ['cat', null],
    ['pup', 'cat'],
  ]);
  expect(after.find((one) => one.key === 'pet')?.replaced_by).toEqual(['cat']);
  expect(isChanged(draft, base)).toBe(true);
  expect(withoutOperation(draft, 0).operations).toHaveLength(2);
});

test('a question brings the fields of its kind, and takes its conditions along when it goes', () => {
  let [draft, key] = addQuestion(draftOf(base), 'number', 'How long?');
  expect(key).toBe('how_long');
  expect(draft.questions[1]).toMatchObject({ min: null, max: null, step: null, unit: '', classes: [] });
  draft = {
    ...draft,
    questions: draft.questions.map((one, i) =>
      i ? { ...one, when: { question: 'animal', has: ['cat'] } } : one,
    ),
  };
  expect(documentOf(draft).questions[1]).toHaveProperty('when');
  expect(removeQuestion(draft, 'animal').questions[0]?.when).toBeNull();
  expect(moveQuestion(draft, key, -1).questions.map((one) => one.key)).toEqual([key, 'animal']);
  expect(moveQuestion(draft, key, 1)).toBe(draft);
});

test('an edit that is taken back is no change', () => {
  const draft = withClass(draftOf(base), 'animal', 'cat', { hotkey: '1' });
  expect(isChanged(draft, base)).toBe(true);
  expect(isChanged(withClass(draft, 'animal', 'cat', { hotkey: null }), base)).toBe(false);
});

test('a key is refused that is taken, kept by the workbench, or none', () => {
  const classes = [
    leaf('a', null, { hotkey: 'q' }),
    leaf('b'),
    leaf('c', null, { hotkey: 'w', retired: true }),
  ];
  expect(hotkeyProblem(classes, 'b', 'Q')).toEqual({ code: 'taken', by: 'a' });
  expect(hotkeyProblem(classes, 'a', 'q')).toBeNull();
  expect(hotkeyProblem(classes, 'b', 'w')).toBeNull();
  expect(hotkeyProblem(classes, 'b', 'n')).toEqual({ code: 'workbench', action: 'none' });
  expect(hotkeyProblem(classes, 'b', 'F1')).toEqual({ code: 'form' });
  expect(hotkeyProblem(classes, 'b', '')).toBeNull();
  expect(sequenceOf('shift+1')).toBe('Shift+Digit1');
});

test('ten thousand classes become rows, closed ones hide what is below them', () => {
  const classes = Array.from({ length: 10_000 }, (_, n) =>
    leaf(`c${n}`, n % 100 ? `c${n - (n % 100)}` : null),
  );
  expect(treeRows(classes, new Set())).toHaveLength(10_000);
  const rows = treeRows(classes, new Set(['c0']));
  expect(rows).toHaveLength(9_901);
  expect(rows[0]).toMatchObject({ depth: 0, hasChildren: true, open: false });
  expect(matching(classes, 'C9999')).toHaveLength(1);
});
