import type { Kind, Operation, SchemaClass, SchemaQuestion } from './types';

/** The next version of a schema while it is being written: plain edits in the questions, operations in a list. */
export interface Draft {
  readonly questions: readonly SchemaQuestion[];
  readonly operations: readonly Operation[];
}

export const draftOf = (questions: readonly SchemaQuestion[]): Draft => ({ questions, operations: [] });

export function withQuestion(draft: Draft, key: string, patch: Partial<SchemaQuestion>): Draft {
  const questions = draft.questions.map((one) => (one.key === key ? { ...one, ...patch } : one));
  return { ...draft, questions };
}

function withClasses(
  draft: Draft,
  question: string,
  change: (classes: readonly SchemaClass[]) => SchemaClass[],
): Draft {
  const found = draft.questions.find((one) => one.key === question);
  return found ? withQuestion(draft, question, { classes: change(found.classes) }) : draft;
}

export const withClass = (draft: Draft, question: string, key: string, patch: Partial<SchemaClass>): Draft =>
  withClasses(draft, question, (classes) =>
    classes.map((one) => (one.key === key ? { ...one, ...patch } : one)),
  );

/** Key from a name: letters, digits and hyphens; `fallback` for names without a Latin letter. */
export function keyOf(name: string, used: ReadonlySet<string>, fallback: string, joint = '-'): string {
  const plain = name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, joint)
    .replace(/^[-_0-9]+|[-_]+$/g, '')
    .slice(0, 60);
  const stem = plain || fallback;
  let key = stem;
  for (let n = 2; used.has(key); n += 1) key = `${stem}${joint}${n}`;
  return key;
}

/** A class that has nothing but a name. */
export const plainClass = (key: string, name: string, parent: string | null): SchemaClass => ({
  key,
  names: { en: name },
  parent,
  hotkey: null,
  selectable: true,
  description: '',
});

/** The draft with a new class as the last child of `parent`, and the key that it was given. */
export function addClass(
  draft: Draft,
  question: string,
  name: string,
  parent: string | null,
): [Draft, string] {
  const found = draft.questions.find((one) => one.key === question);
  const used = new Set([
    ...(found?.classes.map((one) => one.key) ?? []),
    ...draft.operations.flatMap((one) => (one.op === 'split' ? one.into.map((part) => part.key) : [])),
  ]);
  const key = keyOf(name, used, `class-${used.size + 1}`);
  return [withClasses(draft, question, (classes) => [...classes, plainClass(key, name, parent)]), key];
}

/** Only a class that no version has yet can go without a trace. */
export const removeClass = (draft: Draft, question: string, key: string): Draft =>
  withClasses(draft, question, (classes) =>
    classes
      .filter((one) => one.key !== key)
      .map((one) => (one.parent === key ? { ...one, parent: null } : one)),
  );

/** The class a place up or down among the classes with the same parent. */
export function moveClass(draft: Draft, question: string, key: string, step: 1 | -1): Draft {
  return withClasses(draft, question, (classes) => {
    const at = classes.findIndex((one) => one.key === key);
    const parent = classes[at]?.parent ?? null;
    let other = at + step;
    while (other >= 0 && other < classes.length && (classes[other]?.parent ?? null) !== parent) other += step;
    const [here, there] = [classes[at], classes[other]];
    if (!here || !there) return [...classes];
    const out = [...classes];
    out[at] = there;
    out[other] = here;
    return out;
  });
}

/** Whether a class could stand under another without standing above itself. */
export function mayStandUnder(classes: readonly SchemaClass[], key: string, parent: string | null): boolean {
  const parents = new Map(classes.map((one) => [one.key, one.parent]));
  const seen = new Set<string>();
  for (let at = parent; at !== null && !seen.has(at); at = parents.get(at) ?? null) {
    if (at === key) return false;
    seen.add(at);
  }
  return true;
}

export function addQuestion(draft: Draft, kind: Kind, title: string): [Draft, string] {
  const used = new Set(draft.questions.map((one) => one.key));
  const key = keyOf(title, used, `question_${used.size + 1}`, '_');
  const question: SchemaQuestion = {
    key,
    kind,
    title: { en: title },
    help: {},
    allow_none: kind !== 'number' && kind !== 'text',
    allow_cannot_tell: true,
    max_choices: null,
    classes: [],
    ...(kind === 'shapes' && { tools: ['box'], max_shapes: null, skeletons: [], attributes: [] }),
    ...(kind === 'number' && { min: null, max: null, step: null, unit: '' }),
    ...(kind === 'text' && { max_length: 2000 }),
  };
  return [{ ...draft, questions: [...draft.questions, question] }, key];
}

export function moveQuestion(draft: Draft, key: string, step: 1 | -1): Draft {
  const at = draft.questions.findIndex((one) => one.key === key);
  const [here, there] = [draft.questions[at], draft.questions[at + step]];
  if (!here || !there) return draft;
  const questions = [...draft.questions];
  questions[at] = there;
  questions[at + step] = here;
  return { ...draft, questions };
}

export const removeQuestion = (draft: Draft, key: string): Draft => ({
  questions: draft.questions
    .filter((one) => one.key !== key)
    .map((one) => (one.when?.question === key ? { ...one, when: null } : one)),
  operations: draft.operations.filter((one) => one.question !== key),
});

export const operate = (draft: Draft, operation: Operation): Draft => ({
  ...draft,
  operations: [...draft.operations, operation],
});

export const withoutOperation = (draft: Draft, at: number): Draft => ({
  ...draft,
  operations: draft.operations.filter((_, index) => index !== at),
});

/** The classes as the workbench would show them after the operations. */
export function classesAfter(question: SchemaQuestion, operations: readonly Operation[]): SchemaClass[] {
  let classes = [...question.classes];
  const end = (key: string, heirs: string[]) => {
    classes = classes.map((one) =>
      one.key === key ? { ...one, retired: true, selectable: false, hotkey: null, replaced_by: heirs } : one,
    );
  };
  for (const operation of operations) {
    if (operation.question !== question.key) continue;
    if (operation.op === 'retire') end(operation.class, []);
    if (operation.op === 'merge') {
      for (const key of operation.classes) {
        const parent = classes.find((one) => one.key === key)?.parent ?? null;
        end(key, [operation.into]);
        classes = classes.map((one) => {
          if (one.key === operation.into) return one.parent === key ? { ...one, parent } : one;
          return one.parent === key ? { ...one, parent: operation.into } : one;
        });
      }
    }
    if (operation.op === 'split') {
      const parent = classes.find((one) => one.key === operation.class)?.parent ?? null;
      const parts = operation.into.map((part) => ({ ...plainClass(part.key, '', parent), ...part }));
      classes = [...classes, ...parts];
      end(
        operation.class,
        parts.map((part) => part.key),
      );
    }
  }
  return classes;
}

export const documentOf = (draft: Draft) => ({
  format: 1,
  questions: draft.questions.map(({ when, ...one }) => (when ? { ...one, when } : one)),
});

export const isChanged = (draft: Draft, base: readonly SchemaQuestion[]): boolean =>
  draft.operations.length > 0 ||
  (draft.questions !== base && JSON.stringify(draft.questions) !== JSON.stringify(base));
