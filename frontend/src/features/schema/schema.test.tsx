import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { registry } from '@/actions/registry';
import { animal, choose, counted, leaf, measureEverything, P, row, show } from './schema.fixtures';

measureEverything();

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
  expect(screen.getByRole('list', { name: 'Panel' })).toHaveAttribute('data-shown', 'animal');
});

test('nothing yet says where a schema is written, and an error can be tried again', async () => {
  show({ [P]: { results: [], next: null } });
  expect(await screen.findByRole('button', { name: 'New schema' })).toBeVisible();
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

test('nobody leaves what is being written by a slip', async () => {
  const user = userEvent.setup();
  const leave = () => {
    const event = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(event);
    return !event.defaultPrevented;
  };
  show();
  await choose(user, 'Dog');
  expect(leave()).toBe(true);
  await user.type(screen.getByLabelText('Name in English'), 'gy');
  expect(leave()).toBe(false);
  await user.click(screen.getByRole('button', { name: 'Discard all' }));
  await waitFor(() => expect(leave()).toBe(true));
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
  await user.click(screen.getByRole('combobox', { name: 'Only asked after the answer to' }));
  await user.click(await screen.findByRole('option', { name: 'Which animal?' }));
  expect(screen.getByText(/Choose at least one class/)).toBeVisible();
  expect(screen.getByRole('list', { name: 'Panel' })).toHaveAttribute(
    'data-not-asked',
    '“How long?” is asked after one of its classes was chosen for “Which animal?”.',
  );
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
