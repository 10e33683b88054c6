import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { press, server, setTable, show } from './testBench';

setTable();

const page = () => document.querySelector('[data-grid-page]')?.getAttribute('data-grid-page');
const tile = (task: number) => screen.getByRole('option', { name: new RegExp(`^${task}\\.png`) });
const chosen = () =>
  screen.getAllByRole('option', { selected: true }).map((one) => Number.parseInt(one.ariaLabel ?? '', 10));
const given = () => server.sent.map(({ task, answer }) => [task, answer.kind === 'class' ? answer.classes[0] : answer.kind]); // biome-ignore format: one line

/** The page of twelve, with its pictures on the screen. */
async function showGrid(options: Parameters<typeof show>[0] = {}, loaded = true) {
  await show({ limit: 40, search: '?view=grid&tiles=12', ...options });
  await waitFor(() => expect(page()).toBe('1,2,3,4,5,6,7,8,9,10,11,12'), { timeout: 10_000 });
  if (loaded) load();
}

function load(): void {
  for (const image of document.querySelectorAll('[role=option] img')) fireEvent.load(image);
}

const key = (code: string, more: KeyboardEventInit = {}) => act(() => press(code, more));

test('a range takes one key, and every tile is a submission of its own', async () => {
  await showGrid();
  key('ArrowRight');
  key('ArrowDown', { shiftKey: true });
  expect(chosen()).toEqual([2, 3, 4, 5, 6]);
  key('Digit2');
  expect(tile(6)).toHaveAccessibleName('6.png, Dog');
  key('ArrowUp');
  key('Digit1');
  expect(server.sent).toEqual([]);
  key('Enter', { key: 'Enter' });
  await waitFor(() => expect(server.sent).toHaveLength(5));
  expect(new Set(server.sent.map((body) => body.id)).size).toBe(5);
  expect(given()).toEqual([[2, 'cat'], [3, 'dog'], [4, 'dog'], [5, 'dog'], [6, 'dog']]); // biome-ignore format: pairs
  // Those without an answer stay where they are; the next ones come between them.
  await waitFor(() => expect(page()).toBe('1,13,14,15,16,17,7,8,9,10,11,12'));
  expect(await screen.findByText('5 done')).toBeInTheDocument();
});

test('what is not on the screen is not answered; undo, clear, flag and skip apply to the selection', async () => {
  await showGrid({}, false);
  key('Digit1');
  expect(screen.getByText('0 of 12 answered')).toBeInTheDocument();
  load();
  key('KeyA', { ctrlKey: true });
  expect(chosen()).toHaveLength(12);
  key('Digit1');
  expect(screen.getByText('12 of 12 answered')).toBeInTheDocument();
  key('KeyZ', { ctrlKey: true });
  expect(screen.getByText('0 of 12 answered')).toBeInTheDocument();
  key('Space', { key: ' ' });
  key('KeyU');
  key('KeyN');
  key('KeyA', { ctrlKey: true });
  key('Escape', { key: 'Escape' });
  expect(screen.queryAllByRole('option', { selected: true })).toEqual([]);
  key('KeyX');
  expect(await screen.findByText('Why skip it?')).toBeInTheDocument();
  key('Digit1');
  await waitFor(() => expect(given()).toEqual([[1, 'skip']]));
  expect(server.sent[0]).toMatchObject({ flagged: true, revision: 1 });
});

test('a mouse draws a rectangle around many', async () => {
  await showGrid();
  for (const [at, one] of screen.getAllByRole('option').entries()) {
    const [left, top] = [(at % 4) * 100, Math.floor(at / 4) * 100];
    const box = { left, top, right: left + 90, bottom: top + 90 };
    vi.spyOn(one, 'getBoundingClientRect').mockReturnValue(box as DOMRect);
  }
  const from = { button: 0, pointerType: 'mouse', clientX: 150, clientY: 50 };
  fireEvent.pointerDown(tile(2), from);
  fireEvent.pointerMove(tile(2), { ...from, clientX: 152, clientY: 51 });
  expect(screen.queryAllByRole('option', { selected: true })).toEqual([]);
  fireEvent.pointerMove(tile(2), { ...from, clientX: 250, clientY: 150 });
  fireEvent.pointerUp(tile(2), from);
  expect(chosen()).toEqual([2, 3, 6, 7]);
  fireEvent.pointerDown(tile(12), { button: 0, ctrlKey: true, pointerType: 'mouse' });
  expect(chosen()).toEqual([2, 3, 6, 7, 12]);
  fireEvent.pointerDown(tile(9), { button: 0, pointerType: 'mouse' });
  expect(screen.queryAllByRole('option', { selected: true })).toEqual([]);
});

test('what the model says is shown when asked for, and is an answer only by a key of a person', async () => {
  const asked = vi.fn();
  server.routes['/api/v1/projects/emoji/queues/q1/suggestions'] = (request: Request) => {
    asked(new URL(request.url).searchParams.getAll('task'));
    const results = [1, 2, 3].map((task) => ({ task, classes: ['dog'], probability: 0.9 }));
    return { model: { id: 'm1', name: 'Animals 3' }, results };
  };
  await showGrid();
  expect(asked).not.toHaveBeenCalled();
  key('KeyY', { shiftKey: true });
  await waitFor(() => expect(tile(1)).toHaveAccessibleName('1.png, the model says Dog'));
  expect(asked.mock.calls[0]?.[0]).toHaveLength(12);
  key('Enter', { key: 'Enter' });
  key('ArrowRight', { shiftKey: true });
  key('KeyY');
  expect(tile(2)).toHaveAccessibleName('2.png, Dog, the model says Dog');
  key('ArrowRight');
  key('Digit1');
  key('Enter', { key: 'Enter' });
  await waitFor(() => expect(server.sent).toHaveLength(3));
  const said = { model: 'm1', classes: ['dog'], probability: 0.9 };
  expect(server.sent.map(({ answer, suggestion }) => [answer, suggestion])).toEqual([
    [
      { kind: 'class', classes: ['dog'] },
      { ...said, confirmed: true },
    ],
    [
      { kind: 'class', classes: ['dog'] },
      { ...said, confirmed: true },
    ],
    [
      { kind: 'class', classes: ['cat'] },
      { ...said, confirmed: false },
    ],
  ]);
});

test('in an audit nobody hears what the model thinks', async () => {
  await showGrid({ queue: { purpose: 'audit' } });
  expect(screen.queryByRole('switch')).toBeNull();
  key('KeyY', { shiftKey: true });
  key('KeyY');
  key('Digit2');
  key('Enter', { key: 'Enter' });
  await waitFor(() => expect(given()).toEqual([[1, 'dog']]));
  expect(server.sent[0]).not.toHaveProperty('suggestion');
});

test('marks survive a reload, and one key leads back to one picture at a time', async () => {
  await showGrid();
  key('Digit2');
  key('KeyG', { shiftKey: true });
  await waitFor(() => expect(document.querySelector('[data-picture]')).not.toBeNull());
  key('KeyG', { shiftKey: true });
  await waitFor(() => expect(tile(1)).toHaveAccessibleName('1.png, Dog'));
});

test('an answer without a class and a flag survive a reload too, and a step can be done again', async () => {
  await showGrid();
  key('KeyN');
  key('KeyU');
  key('Digit2');
  key('KeyZ', { ctrlKey: true });
  key('KeyZ', { ctrlKey: true, shiftKey: true });
  key('KeyG', { shiftKey: true });
  await waitFor(() => expect(document.querySelector('[data-picture]')).not.toBeNull());
  key('KeyG', { shiftKey: true });
  await waitFor(() => expect(tile(1)).toHaveAccessibleName('1.png, None of these'));
  await waitFor(() => expect(tile(2)).toHaveAccessibleName(/^2.png, Dog.*unsure/));
});
