import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { renderPage, serve } from '@/test/render';
import { animals, answers, onTable, press, server, setTable, show } from './testBench';
import { WorkbenchPage } from './WorkbenchPage';

const many = Array.from({ length: 3_000 }, (_, at) => ({
  key: `c${at}`,
  name: `Class ${at}`,
  names: { en: `Class ${at}`, ko: at === 2_345 ? '살쾡이' : `분류 ${at}` },
  parent: null,
  selectable: true,
}));

setTable();

test('one key answers and the next picture is on the table; a key held down answers no more', async () => {
  await show();
  press('Digit2');
  for (let n = 0; n < 5; n += 1) press('Digit2', { repeat: true });
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  // In Hangul mode the same key types another sign.
  press('KeyN', { key: 'ㅜ' });
  await waitFor(() => expect(onTable()).toBe('3:shown'));
  await waitFor(() =>
    expect(answers()).toEqual([{ kind: 'class', classes: ['dog'] }, { kind: 'none_of_these' }]),
  );
  expect(await screen.findByText('All saved')).toBeInTheDocument();
});

test('among three thousand classes one is typed ahead, in Hangul too, and composing does not answer', async () => {
  await show({ classes: many });
  press('Slash', { key: '/' });
  const search = screen.getByRole('combobox', { name: 'Search classes' });
  expect(search).toHaveFocus();
  await userEvent.type(search, '살쾡');
  fireEvent.keyDown(search, { code: 'Enter', key: 'Enter', isComposing: true });
  fireEvent.keyDown(search, { code: 'Enter', key: 'Process', keyCode: 229 });
  expect(onTable()).toBe('1:shown');
  press('Enter', { key: 'Enter' });
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  await waitFor(() => expect(answers()).toEqual([{ kind: 'class', classes: ['c2345'] }]));
  expect(search).not.toHaveFocus();
  expect(search).toHaveValue('');
});

test('with several choices keys choose, and Enter submits', async () => {
  await show({ kind: 'multiple_choice' });
  press('Digit1');
  press('Digit2');
  expect(await screen.findByRole('button', { name: /^Cat/ })).toHaveAttribute('aria-pressed', 'true');
  expect(onTable()).toBe('1:shown');
  press('Enter', { key: 'Enter' });
  await waitFor(() => expect(answers()).toEqual([{ kind: 'class', classes: ['cat', 'dog'] }]));
});

test('what is not on the screen is not answered, only skipped', async () => {
  server.pictures = 'broken';
  await show();
  expect(await screen.findByText('This item cannot be shown')).toBeInTheDocument();
  press('Digit1');
  press('KeyT');
  press('KeyX');
  expect(await screen.findByText('Why skip it?')).toBeInTheDocument();
  press('Digit1');
  await waitFor(() => expect(answers()).toEqual([{ kind: 'skip', reason: 'bad_picture' }]));
});

test('a picture that has not come is not answered', async () => {
  server.pictures = 'late';
  await show();
  await screen.findByLabelText('Loading');
  press('Digit1');
  expect(onTable()).toBe('1:loading');
  expect(server.sent).toEqual([]);
});

test('flag, comment, instructions and back, by keys', async () => {
  await show();
  press('KeyU');
  press('KeyC', { shiftKey: true });
  await userEvent.type(await screen.findByRole('textbox', { name: 'Comment' }), 'two');
  press('Escape', { key: 'Escape' });
  press('Digit1');
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  press('KeyA');
  await waitFor(() => expect(onTable()).toBe('1:shown'));
  press('Digit2');
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  await waitFor(() => expect(server.sent).toHaveLength(2));
  expect(server.sent[0]).toMatchObject({ task: 1, revision: 1, flagged: true, comment: 'two' });
  expect(server.sent[1]).toMatchObject({ task: 1, revision: 2, answer: { kind: 'class', classes: ['dog'] } });
  press('KeyI');
  expect(await screen.findByText('Look twice.')).toBeInTheDocument();
});

test('a letter of the schema chooses its class, wherever it lies in Hangul mode', async () => {
  const quail = { ...animals[0], key: 'quail', name: 'Quail', names: {}, hotkey: 'q' };
  const owl = { ...animals[0], key: 'owl', name: 'Owl', names: {}, hotkey: 'shift+w' };
  await show({ classes: [...animals, quail, owl] });
  expect(screen.getByRole('button', { name: /Quail/ })).toHaveTextContent('Q');
  press('KeyQ', { key: 'ㅂ' });
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  press('KeyW', { key: 'W', shiftKey: true });
  await waitFor(() =>
    expect(answers().map((a) => a.kind === 'class' && a.classes[0])).toEqual(['quail', 'owl']),
  );
});

test('what the server refuses is kept, and says which answer it was', async () => {
  await show();
  server.refusal = {
    title: 'Lost',
    detail: 'Others have finished this task.',
    status: 409,
    code: 'lease-lost',
  };
  press('Digit2');
  await userEvent.click(await screen.findByText('1 needs you'));
  expect(await screen.findByText('1.png · Dog')).toBeInTheDocument();
  expect(screen.getByText(/Others have finished this task/)).toBeInTheDocument();
  server.refusal = null;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(answers()).toEqual([{ kind: 'class', classes: ['dog'] }]));
  expect(await screen.findByText('Everything has arrived.')).toBeInTheDocument();
});

test('a class without a digit is found by search in a short list too', async () => {
  await show({ classes: [...animals, { ...animals[0], key: 'owl', name: 'Owl', names: {}, hotkey: null }] });
  await userEvent.type(screen.getByRole('combobox', { name: 'Search classes' }), 'ow{Enter}');
  await waitFor(() => expect(answers()).toEqual([{ kind: 'class', classes: ['owl'] }]));
});

test('nothing left, and an error', async () => {
  await show({ limit: 1 });
  press('Digit1');
  expect(await screen.findByText('Nothing left for you here')).toBeInTheDocument();
  vi.stubGlobal('fetch', serve({}));
  renderPage(<WorkbenchPage />, { at: '/p/emoji/label/q1', route: '/p/$project/label/$queue' });
  expect(await screen.findByRole('alert')).toBeInTheDocument();
});
