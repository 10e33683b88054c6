import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { RefObject } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { registry } from '@/actions/registry';
import type { Role } from '@/api/session';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import { leadSession, renderPage, serve } from '@/test/render';
import type { SchemaClass, SchemaQuestion } from './model/types';
import { SchemaPage } from './SchemaPage';

// jsdom measures nothing, and a list of no height shows no rows.
beforeEach(() => {
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(560);
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(400);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const P = '/api/v1/projects/emoji/schemas';
const leaf = (key: string, more: Partial<SchemaClass> = {}): SchemaClass => ({
  key,
  names: { en: key[0]?.toUpperCase() + key.slice(1) },
  parent: null,
  hotkey: null,
  selectable: true,
  description: '',
  ...more,
});
const animal: SchemaQuestion = {
  key: 'animal',
  kind: 'single_choice',
  title: { en: 'Which animal?' },
  help: {},
  allow_none: true,
  allow_cannot_tell: false,
  max_choices: null,
  classes: [
    leaf('pet', { selectable: false }),
    leaf('cat', { parent: 'pet', hotkey: '1' }),
    leaf('dog'),
    leaf('cow'),
  ],
};
const row = (version: number) => ({
  id: `s${version}`,
  family: 'animals',
  version,
  name: 'Animals',
  created_at: '2026-01-01T10:00:00Z',
});
const counted = {
  labels: [{ question: 'animal', moved: 12, asked_again: 3, kept: 0 }],
  queues: [
    { id: 'q1', name: 'First', version: 2, open_tasks: 40, n_stale: 0, moves: true },
    { id: 'q2', name: 'Second', version: 1, open_tasks: 2, n_stale: 5, moves: false },
  ],
  again: [{ question: 'animal', items: 3, like: 'First', redundancy: 2 }],
};

/** In place of the workbench's panel, which the application hands in. */
function Panel({ index, disabled }: { index: ClassIndex; disabled: boolean; search: RefObject<unknown> }) {
  return (
    <ul aria-label="Panel" data-disabled={disabled}>
      {index.entries.map((entry) => (
        <li key={entry.key}>{entry.name}</li>
      ))}
    </ul>
  );
}

function show(
  routes: Record<string, unknown> = {},
  { role = 'lead' as Role, at = '', questions = [animal] } = {},
) {
  const membership = leadSession.memberships[0];
  if (!membership) throw new Error('The session of the tests has a project.');
  vi.stubGlobal(
    'fetch',
    serve({
      [P]: { results: [row(2), row(1)], next: null },
      [`${P}/s1`]: { ...row(1), document: { format: 1, questions } },
      [`${P}/s2`]: { ...row(2), document: { format: 1, questions } },
      [`${P}/s1/changes`]: { results: [], next: null },
      [`${P}/s2/changes`]: { results: [], next: null },
      ...routes,
    }),
  );
  return renderPage(<SchemaPage Panel={Panel} />, {
    at: `/p/emoji/schema${at}`,
    session: { ...leadSession, memberships: [{ ...membership, role }] },
  });
}

const choose = async (user: ReturnType<typeof userEvent.setup>, name: string) =>
  user.click(await screen.findByRole('treeitem', { name: new RegExp(name) }));

test('the schema is a tree beside what the annotator meets', async () => {
  show();
  const tree = await screen.findByRole('tree', { name: 'Classes' });
  const items = within(tree).getAllByRole('treeitem');
  expect(items.map((one) => [one.textContent, one.getAttribute('aria-level')])).toEqual([
    ['Petgroup', '1'],
    ['Cat1', '2'],
    ['Dog', '1'],
    ['Cow', '1'],
  ]);
  expect(within(screen.getByRole('list', { name: 'Panel' })).getAllByRole('listitem')).toHaveLength(4);
  expect(screen.getByRole('list', { name: 'Panel' })).toHaveAttribute('data-disabled', 'true');
});

test('nothing yet says where a schema is written, and an error can be tried again', async () => {
  show({ [P]: { results: [], next: null } });
  expect(await screen.findByRole('link', { name: 'Write a label schema' })).toBeVisible();
});

test('an error says what is wrong', async () => {
  show({
    [`${P}/s2`]: () =>
      Response.json({ status: 409, code: 'odd', title: 'Broken', detail: 'It broke.' }, { status: 409 }),
  });
  expect(await screen.findByRole('alert')).toHaveTextContent('It broke.');
});

test('an older version and a reviewer can only read', async () => {
  show({}, { at: '?schema=s1' });
  expect(await screen.findByText(/There is a newer version/)).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Add a class' })).toBeNull();
});

test('a reviewer can only read', async () => {
  show({}, { role: 'reviewer' });
  await screen.findByRole('tree');
  expect(screen.queryByRole('button', { name: 'Add a class' })).toBeNull();
});

test('the preview follows every edit', async () => {
  const user = userEvent.setup();
  show();
  await choose(user, 'Dog');
  const name = screen.getByLabelText('Name in English');
  await user.clear(name);
  await user.type(name, 'Hound');
  expect(within(screen.getByRole('list', { name: 'Panel' })).getByText('Hound')).toBeVisible();
  expect(screen.getByText('Questions or classes were edited')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Discard all' }));
  expect(within(screen.getByRole('list', { name: 'Panel' })).getByText('Dog')).toBeVisible();
});

test('a key that is taken or that the workbench keeps is told at once', async () => {
  const user = userEvent.setup();
  show();
  await choose(user, 'Dog');
  const key = screen.getByLabelText('Key on the keyboard');
  await user.type(key, '1');
  expect(screen.getByText('cat has this key already.')).toBeVisible();
  await user.clear(key);
  await user.type(key, 'n');
  expect(screen.getByText(/The workbench uses this key itself/)).toBeVisible();
});

test('the arrows walk the tree and fold it, and with Alt they move a class', async () => {
  const user = userEvent.setup();
  show();
  await choose(user, 'Cow');
  screen.getByRole('tree').focus();
  await user.keyboard('{Alt>}{ArrowUp}{/Alt}');
  expect(screen.getAllByRole('treeitem').map((one) => one.textContent)).toEqual([
    'Petgroup',
    'Cat1',
    'Cow',
    'Dog',
  ]);
  await user.keyboard('{Home}{ArrowLeft}');
  expect(screen.getAllByRole('treeitem')).toHaveLength(3);
  await user.keyboard('{ArrowRight}{ArrowDown}');
  expect(screen.getByRole('treeitem', { name: /Cat/ })).toHaveAttribute('aria-selected', 'true');
});

test('a merge is counted before it is made, and made once', async () => {
  const user = userEvent.setup();
  const asked = vi.fn();
  const job = {
    id: 'j1',
    kind: 'annotation.change_schema',
    state: 'succeeded',
    done: 1,
    total: 1,
    message: '',
    result: { asked_again_in: [{ queue: 'q9', name: 'First, again', tasks: 3 }] },
  };
  show({
    [`POST ${P}/s2/changes/preview`]: async (request: Request) => {
      asked(await request.json());
      return counted;
    },
    [`POST ${P}/s2/changes`]: async (request: Request) => {
      asked(await request.json());
      return Response.json({ id: 'c1', operations: [], labels: [], job }, { status: 202 });
    },
    '/api/v1/projects/emoji/jobs/j1': job,
  });
  await choose(user, 'Dog');
  await user.click(screen.getByRole('button', { name: 'Merge others into it' }));
  await user.click(await screen.findByRole('combobox', { name: /Classes that go into Dog/ }));
  await user.click(await screen.findByRole('option', { name: 'Cow (cow)' }));
  await user.click(screen.getByRole('button', { name: 'Put it on the list' }));
  expect(await screen.findByText('Merge cow into dog')).toBeVisible();
  expect(screen.getByRole('treeitem', { name: /Cow/ })).toHaveTextContent('became dog');
  expect(within(screen.getByRole('list', { name: 'Panel' })).queryByText('Cow')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'See what this changes' }));
  const counts = await screen.findByRole('table', { name: 'Counts of the change' });
  expect(
    within(counts)
      .getAllByRole('row')
      .map((one) => one.textContent),
  ).toEqual([
    'Labels that move to another class12',
    'Items that must be asked again3',
    'Labels that keep a retired class0',
    'Open tasks of queues that ask by this schema42',
  ]);
  expect(screen.getByText(/Second \(2 open tasks\) stays at version 1: 5 answers/)).toBeVisible();
  expect(screen.getByText('2 labels each, in the way of “First”.')).toBeVisible();
  expect(asked).toHaveBeenCalledTimes(1);
  await user.click(screen.getByRole('button', { name: 'Make the change' }));
  expect(await screen.findByRole('link', { name: '“First, again” was made with 3 tasks.' })).toBeVisible();
  await waitFor(() => expect(screen.getByRole('button', { name: 'Show the new version' })).toBeEnabled());
  expect(asked.mock.calls[1]?.[0]).toMatchObject({
    operations: [{ op: 'merge', question: 'animal', classes: ['cow'], into: 'dog' }],
    ask_again: true,
    document: { questions: [{ key: 'animal' }] },
  });
});

test('who edits keeps the draft when a newer version appears, and goes there when asked to', async () => {
  const user = userEvent.setup();
  let versions = [row(2), row(1)];
  const job = {
    id: 'j1',
    kind: 'annotation.change_schema',
    state: 'succeeded',
    done: 1,
    total: 1,
    message: '',
  };
  const { client } = show({
    [P]: () => ({ results: versions, next: null }),
    [`${P}/s3`]: { ...row(3), document: { format: 1, questions: [animal] } },
    [`${P}/s3/changes`]: { results: [], next: null },
    [`${P}/s2/changes/preview`]: counted,
    [`POST ${P}/s2/changes`]: { id: 'c1', operations: [], labels: [], job },
    '/api/v1/projects/emoji/jobs/j1': job,
  });
  await choose(user, 'Cow');
  await user.click(screen.getByRole('button', { name: 'Retire' }));
  await user.click(await screen.findByRole('button', { name: 'Put it on the list' }));
  await user.click(await screen.findByRole('button', { name: 'See what this changes' }));
  await user.click(await screen.findByRole('button', { name: 'Make the change' }));
  versions = [row(3), row(2), row(1)];
  await client.invalidateQueries({ queryKey: ['schemas', 'emoji'] });
  expect(await screen.findByText(/There is a newer version/)).toBeInTheDocument();
  expect(screen.getByText('Retire cow')).toBeInTheDocument();
  await user.click(await screen.findByRole('button', { name: 'Show the new version' }));
  await waitFor(() =>
    expect(screen.getByRole('combobox', { name: 'Schema and version' })).toHaveValue('Animals v3'),
  );
  expect(screen.queryByText('Retire cow')).toBeNull();
});

test('what the server refuses is told before anything can be made', async () => {
  const user = userEvent.setup();
  const refusal = { status: 422, code: 'invalid-input', title: 'No', detail: 'The change cannot be made.' };
  show({ [`POST ${P}/s2/changes/preview`]: () => Response.json(refusal, { status: 422 }) });
  await choose(user, 'Dog');
  await user.click(screen.getByRole('button', { name: 'Retire' }));
  await user.click(await screen.findByRole('button', { name: 'Put it on the list' }));
  await user.click(await screen.findByRole('button', { name: 'See what this changes' }));
  expect(await screen.findByText('The change cannot be made.')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Make the change' })).toBeDisabled();
});

test('a split lists its parts and can be taken back', async () => {
  const user = userEvent.setup();
  show();
  await choose(user, 'Cow');
  await user.click(screen.getByRole('button', { name: 'Split' }));
  await user.type(await screen.findByLabelText('The new classes, one a line'), 'Calf | 송아지{enter}Bull');
  await user.click(screen.getByRole('button', { name: 'Put it on the list' }));
  expect(await screen.findByRole('treeitem', { name: /Calf/ })).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Take back: Split cow into calf, bull' }));
  expect(screen.queryByRole('treeitem', { name: /Calf/ })).toBeNull();
});

test('a number question and a condition are written in the page', async () => {
  const user = userEvent.setup();
  show();
  await user.click(await screen.findByRole('button', { name: 'Add a question' }));
  const dialog = await screen.findByRole('dialog');
  await user.type(within(dialog).getByLabelText(/Question in English/), 'How long?');
  await user.click(within(dialog).getByRole('combobox', { name: 'Kind of answer' }));
  await user.click(await screen.findByRole('option', { name: 'number' }));
  await user.click(within(dialog).getByRole('button', { name: 'Add a question' }));
  await user.type(await screen.findByLabelText('Largest'), '40');
  await user.type(screen.getByLabelText('Unit'), 'cm');
  expect(screen.getByText('A number from −∞ to 40 cm, step: any')).toBeVisible();
  await user.click(screen.getByRole('combobox', { name: 'Only asked after the answer to' }));
  await user.click(await screen.findByRole('option', { name: 'Which animal?' }));
  expect(screen.getByText(/Choose at least one class/)).toBeVisible();
});

test('of ten thousand classes only the visible ones are on the page', async () => {
  const classes = Array.from({ length: 10_000 }, (_, n) => leaf(`class-${n}`));
  show({}, { questions: [{ ...animal, classes }] });
  await screen.findByRole('tree');
  expect(screen.getAllByRole('treeitem').length).toBeLessThan(100);
});

test('every operation has a key', async () => {
  const user = userEvent.setup();
  window.addEventListener('keydown', registry.handleKey);
  show();
  const key = (code: string) =>
    fireEvent.keyDown(document.activeElement ?? document.body, { code, key: code });
  await screen.findByRole('tree');
  key('KeyT');
  expect(screen.getByRole('tree')).toHaveFocus();
  await user.keyboard('{End}');
  key('F2');
  const name = screen.getByLabelText('Name in English');
  expect(name).toHaveFocus();
  await user.clear(name);
  await user.type(name, 'Cattle');
  expect(screen.getByRole('treeitem', { name: /Cattle/ })).toBeVisible();
  screen.getByRole('tree').focus();
  for (const [code, title] of [
    ['KeyM', 'Merge into Cattle'],
    ['KeyS', 'Split Cattle'],
    ['Delete', 'Retire Cattle'],
  ] as const) {
    key(code);
    const dialog = await screen.findByRole('dialog', { name: title });
    await user.click(within(dialog).getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    screen.getByRole('tree').focus();
  }
  key('KeyN');
  expect(await screen.findByRole('treeitem', { name: /New class/ })).toBeVisible();
  key('Delete');
  await waitFor(() => expect(screen.queryByRole('treeitem', { name: /New class/ })).toBeNull());
  window.removeEventListener('keydown', registry.handleKey);
});

const drawn: SchemaQuestion = {
  ...animal,
  key: 'parts',
  kind: 'shapes',
  classes: [leaf('wheel'), leaf('door')],
  tools: ['box', 'keypoints'],
  max_shapes: null,
  skeletons: [{ key: 'hand', names: ['wrist', 'tip'], edges: [] }],
  attributes: [],
};

/** The document that the dry run is asked about. */
async function documentOf(user: ReturnType<typeof userEvent.setup>, asked: ReturnType<typeof vi.fn>) {
  await user.click(screen.getByRole('button', { name: 'See what this changes' }));
  await waitFor(() => expect(asked).toHaveBeenCalled());
  return asked.mock.calls[0]?.[0].document.questions[0] as SchemaQuestion;
}

const counting = (asked: (body: unknown) => void) => ({
  [`POST ${P}/s2/changes/preview`]: async (request: Request) => {
    asked(await request.json());
    return counted;
  },
});

test('an attribute of shapes is written with its answers and the classes that carry it', async () => {
  const user = userEvent.setup();
  const asked = vi.fn();
  show(counting(asked), { questions: [drawn] });
  await user.click(await screen.findByRole('button', { name: 'Ask something of each shape' }));
  expect(screen.getByText('Give it at least two answers.')).toBeVisible();
  const title = screen.getByLabelText('Asked in English');
  await user.clear(title);
  await user.type(title, 'How much is hidden?');
  await user.click(screen.getByRole('button', { name: 'Add an answer' }));
  await user.clear(screen.getByLabelText('Answer 1 in English'));
  await user.type(screen.getByLabelText('Answer 1 in English'), 'Half');
  await user.type(screen.getByLabelText('Answer 1 in Korean'), '절반');
  await user.click(screen.getByRole('combobox', { name: 'Of shapes of' }));
  await user.click(await screen.findByRole('option', { name: 'Wheel' }));
  await user.click(screen.getByLabelText('Has to be given'));
  const { attributes } = await documentOf(user, asked);
  expect(attributes).toMatchObject([
    {
      key: 'new_attribute',
      kind: 'single_choice',
      title: { en: 'How much is hidden?' },
      required: true,
      for_classes: ['wheel'],
      classes: [{ key: 'new-answer', names: { en: 'Half', ko: '절반' } }],
    },
  ]);
});

test('a skeleton is drawn: points move, join and get names; those with shapes neither come nor go', async () => {
  const user = userEvent.setup();
  const asked = vi.fn();
  show(counting(asked), { questions: [drawn] });
  const tip = await screen.findByRole('button', { name: /^tip, at 75% from the left and 50% from the top$/ });
  expect(screen.queryByRole('button', { name: 'Remove tip' })).toBeNull();
  tip.focus();
  await user.keyboard('{ArrowUp}{ArrowUp}{Enter}');
  await user.click(screen.getByRole('button', { name: /^wrist/ }));
  expect(screen.getByRole('button', { name: /^tip, at 75% .* 46% .* joined with wrist$/ })).toBeVisible();
  await user.clear(screen.getByLabelText('Name of point 2'));
  expect(screen.getByText('A point needs a name.')).toBeVisible();
  await user.type(screen.getByLabelText('Name of point 2'), 'finger');
  await user.click(screen.getByRole('button', { name: 'Add a skeleton' }));
  await user.click(screen.getByRole('button', { name: 'Add a point' }));
  const { skeletons } = await documentOf(user, asked);
  expect(skeletons?.[0]).toMatchObject({ names: ['wrist', 'finger'], edges: [[1, 0]] });
  expect(skeletons?.[0]?.layout?.[1]).toEqual({ x: 0.75, y: 0.46 });
  expect(skeletons?.[1]).toMatchObject({ key: 'skeleton', names: ['point 1', 'point 2', 'point 3'] });
});
