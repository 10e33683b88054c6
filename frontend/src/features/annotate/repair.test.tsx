import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { animals, answers, onTable, press, server, setTable, show, workbenchOf } from './testBench';

setTable();

const owl = { key: 'owl', name: 'Owl', names: { en: 'Owl' }, hotkey: '1', parent: null, selectable: true };

async function refused(refusal: Record<string, unknown> & { status: number }, key = 'Digit2') {
  server.refusal = { title: 'Refused', ...refusal };
  act(() => press(key));
  fireEvent.click(await screen.findByText('1 needs you'));
  await screen.findByText(/^1\.png · /);
}

const gone = () => expect(screen.findByText('Everything has arrived.')).resolves.toBeInTheDocument();

test('another answer of mine on the server: both are shown, and mine goes as the next revision', async () => {
  await show();
  const current = { revision: 3, answer: { kind: 'class', classes: ['cat'] } };
  await refused({ status: 409, code: 'revision-conflict', current });
  expect(await screen.findByText('On the server, revision 3')).toBeInTheDocument();
  expect(screen.getByText('Cat', { selector: 'dd' })).toBeInTheDocument();
  expect(screen.getByText('Dog', { selector: 'dd' })).toBeInTheDocument();
  server.refusal = null;
  fireEvent.click(screen.getByRole('button', { name: 'Send mine as the next revision' }));
  await waitFor(() => expect(server.sent).toHaveLength(1));
  expect(server.sent[0]).toMatchObject({ task: 1, revision: 4, answer: { kind: 'class', classes: ['dog'] } });
  await gone();
});

test('of several drawings only the first is painted before anybody asks', async () => {
  await show();
  const current = { revision: 3, answer: { kind: 'shapes', shapes: [] } };
  server.refusal = { title: 'Refused', status: 409, code: 'revision-conflict', current };
  act(() => press('Digit2'));
  await screen.findByText('1 needs you');
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  act(() => press('Digit2'));
  fireEvent.click(await screen.findByText('2 need you'));
  expect(await screen.findAllByText('On the server, revision 3')).toHaveLength(2);
  fireEvent.click(screen.getByRole('button', { name: 'Show both drawings' }));
  expect(screen.queryByRole('button', { name: 'Show both drawings' })).toBeNull();
  expect(await screen.findAllByRole('img', { name: /^On the server: / })).toHaveLength(2);
});

test('a class that was retired meanwhile: the choices of today come, and the answer is given again', async () => {
  await show();
  server.routes['/api/v1/projects/emoji/queues/q1/workbench'] = { ...workbenchOf([owl]), schema_version: 2 };
  await refused({ status: 422, code: 'unknown-class', detail: 'The class “dog” is not in the schema.' });
  server.refusal = null;
  expect(await screen.findByText(/It does not fit what is asked today/)).toBeInTheDocument();
  fireEvent.click(await screen.findByRole('link', { name: 'Open it' }));
  await waitFor(() => expect(onTable()).toBe('1:shown'));
  const choice = await screen.findByRole('button', { name: /Owl/ });
  expect(screen.queryByRole('button', { name: /^Dog/ })).toBeNull();
  fireEvent.click(choice);
  await waitFor(() => expect(answers()).toEqual([{ kind: 'class', classes: ['owl'] }]));
  expect(server.sent[0]).toMatchObject({ task: 1, revision: 1, schema_version: 2 });
  expect(await screen.findByText('All saved')).toBeInTheDocument();
});

test('a lease that somebody else holds now: the work is kept, opened, changed and sent again', async () => {
  await show({ classes: animals });
  await refused({ status: 409, code: 'lease-lost', detail: 'Others have finished this task.' });
  expect(await screen.findByText(/it may be tried again when a place is free/)).toBeInTheDocument();
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(server.refused).toBe(2));
  await waitFor(() => expect(screen.getByText('1 needs you')).toBeInTheDocument());
  fireEvent.click(await screen.findByRole('link', { name: 'Open it' }));
  await waitFor(() => expect(onTable()).toBe('1:shown'));
  expect(screen.getByRole('button', { name: /^Dog/, hidden: true })).toHaveAttribute('aria-pressed', 'true');
  server.refusal = null;
  act(() => press('Digit1'));
  await waitFor(() => expect(answers()).toEqual([{ kind: 'class', classes: ['cat'] }]));
  expect(await screen.findByText('All saved')).toBeInTheDocument();
  expect(onTable()).toBe('2:shown');
});

test('what counts already cannot be changed: both are shown, and nothing promises to send it', async () => {
  await show();
  const current = { revision: 1, answer: { kind: 'none_of_these' } };
  await refused({ status: 409, code: 'no-longer-editable', current });
  expect(await screen.findByText(/counts already/)).toBeInTheDocument();
  expect(screen.getByText('None of these', { selector: 'dd' })).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  expect(screen.queryByRole('link', { name: 'Open it' })).toBeNull();
  expect(screen.getByRole('button', { name: 'Save as file' })).toBeInTheDocument();
});
