import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { FakePath2D } from '@/engine/testPath2D';
import { animals, answers, onTable, press, server, setTable, show, workbenchOf } from '../testBench';

/** Undo and redo at the workbench: only network and canvas are stand-ins. */

setTable();
beforeEach(() => {
  const context: unknown = new Proxy(() => undefined, {
    get: (_target, name) => (name === Symbol.toPrimitive ? () => 0 : context),
    apply: () => context,
    set: () => true,
  });
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(context as never);
  vi.stubGlobal('Path2D', FakePath2D);
  vi.stubGlobal('createImageBitmap', async () => ({ width: 320, height: 240, close: () => undefined }));
});

const P = '/api/v1/projects/emoji/queues/q1';
const asks = { allow_none: true, allow_cannot_tell: true };
const kind = {
  question: { key: 'kind', kind: 'single_choice', title: 'Which animal?', ...asks },
  classes: animals,
};
const length = {
  question: { key: 'length', kind: 'number', title: 'How long?', ...asks },
  classes: [],
};
const parts = {
  question: {
    key: 'parts',
    kind: 'shapes',
    title: 'Outline every part',
    ...asks,
    tools: ['box'],
    max_shapes: null,
    skeletons: [],
    attributes: [],
    when: { question: 'kind', has: ['cat'] },
  },
  classes: [{ key: 'tail', name: 'Tail', names: { en: 'Tail' }, parent: null, selectable: true }],
};

const undo = (more: KeyboardEventInit = {}) => act(() => press('KeyZ', { ctrlKey: true, ...more }));
const redo = () => act(() => press('KeyZ', { ctrlKey: true, shiftKey: true }));
const key = (code: string) => act(() => press(code));
const button = (name: string) => screen.findByRole('button', { name });
const choice = (name: RegExp) => screen.getByRole('button', { name }).getAttribute('aria-pressed');
const group = (name: string) => screen.queryByRole('group', { name });

async function openSeveral(...asked: object[]) {
  server.routes[`${P}/workbench`] = { ...workbenchOf(animals), asked };
  await show();
  await screen.findByRole('group', { name: 'Which animal?' });
  await button('Undo');
}

test('choices, a flag and a comment go back one by one, and the draft with them', async () => {
  await show({ kind: 'multiple_choice', session: {} });
  expect(await button('Undo')).toBeDisabled();
  key('Digit1');
  key('KeyU');
  key('Digit2');
  act(() => press('KeyC', { shiftKey: true }));
  const comment = await screen.findByRole('textbox', { name: 'Comment' });
  await userEvent.type(comment, 'ears');
  // In the field Ctrl+Z is the browser's own.
  fireEvent.keyDown(comment, { code: 'KeyZ', key: 'z', ctrlKey: true });
  expect(comment).toHaveValue('ears');
  act(() => comment.blur());
  undo();
  expect(screen.queryByRole('textbox', { name: 'Comment' })).toHaveValue('');
  undo();
  expect([choice(/^Cat/), choice(/^Dog/)]).toEqual(['true', 'false']);
  undo();
  expect(screen.getByRole('button', { name: /^Flag/ })).toHaveAttribute('aria-pressed', 'false');
  fireEvent.click(await button('Undo'));
  expect(choice(/^Cat/)).toBe('false');
  expect(await button('Undo')).toBeDisabled();
  redo();
  redo();
  act(() => press('KeyY', { ctrlKey: true }));
  expect([choice(/^Cat/), choice(/^Dog/)]).toEqual(['true', 'true']);
  undo();
  act(() => press('Enter', { key: 'Enter' }));
  await waitFor(() => expect(server.sent[0]).toMatchObject({ answer: { classes: ['cat'] }, flagged: true }));
});

test('where a key answers at once, undo is the way back to what was answered', async () => {
  await show();
  await button('Undo');
  undo();
  expect(onTable()).toBe('1:shown');
  key('Digit1');
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  key('KeyU');
  // First what was done here.
  undo();
  expect(onTable()).toBe('2:shown');
  undo({ repeat: true });
  expect(onTable()).toBe('2:shown');
  undo();
  await waitFor(() => expect(onTable()).toBe('1:shown'));
  expect(choice(/^Cat/)).toBe('true');
  redo();
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  fireEvent.click(await button('Undo'));
  await waitFor(() => expect(onTable()).toBe('1:shown'));
  key('Digit2');
  await waitFor(() => expect(server.sent).toHaveLength(2));
  expect(server.sent[1]).toMatchObject({ task: 1, revision: 2, answer: { classes: ['dog'] } });
});

test('what was typed goes back as one, also where it is the only answer', async () => {
  server.routes[`${P}/workbench`] = workbenchOf([], 'single_choice', {
    question: { ...length.question, title: 'Which animal?' },
  });
  await show();
  const field = await screen.findByRole('textbox', { name: 'Which animal?' });
  await button('Undo');
  await userEvent.type(field, '42');
  act(() => press('Escape', { key: 'Escape' }));
  undo();
  expect(field).toHaveValue('');
  redo();
  expect(field).toHaveValue('42');
});

test('answers, what is typed and a flag of several questions are one order of time, kept in the browser', async () => {
  await openSeveral(kind, length);
  key('Digit2');
  const field = screen.getByRole('textbox', { name: 'How long?' });
  await waitFor(() => expect(field).toHaveFocus());
  await userEvent.type(field, '75');
  // What is being typed is the browser's to take back.
  undo();
  expect(field).toHaveValue('75');
  act(() => press('Escape', { key: 'Escape' }));
  key('KeyU');
  key('KeyT');
  // The cursor came into the field by itself.
  await waitFor(() => expect(field).toHaveFocus());
  expect(field).toHaveValue('');
  undo();
  expect(field).toHaveValue('75');
  // Not into the field: the next one is to be undone here too.
  await waitFor(() => expect(group('How long?')).toHaveFocus());
  undo();
  expect(screen.getByRole('button', { name: /^Flag/ })).toHaveAttribute('aria-pressed', 'false');
  undo();
  expect(field).toHaveValue('');
  undo();
  expect(choice(/^Dog/)).toBe('false');
  await waitFor(() => expect(group('Which animal?')).toHaveFocus());
  expect(screen.getByTestId('answered')).toHaveTextContent('0 of 2 answered');
  for (let at = 0; at < 3; at += 1) redo();
  expect(screen.getByTestId('answered')).toHaveTextContent('2 of 2 answered');
  act(() => press('Enter', { key: 'Enter' }));
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  // Another item, another order.
  undo();
  expect(onTable()).toBe('2:shown');
  expect(screen.getByTestId('answered')).toHaveTextContent('0 of 2 answered');
  await waitFor(() => expect(server.sent[0]).toMatchObject({ flagged: true }));
});

const rows = () =>
  within(screen.getByRole('list', { name: 'Shapes' }))
    .queryAllByRole('button')
    .filter((one) => one.hasAttribute('data-shape'));

function draw(x: number, y: number, toX: number, toY: number): void {
  const host = document.querySelector<HTMLElement>('[role="application"]');
  if (!host) throw new Error('There is no canvas.');
  Object.assign(host, { setPointerCapture: () => undefined, hasPointerCapture: () => true });
  Object.assign(host, { releasePointerCapture: () => undefined });
  const at = (type: string, clientX: number, clientY: number) => {
    const event = new MouseEvent(type, { bubbles: true, cancelable: true, clientX, clientY, buttons: 1 });
    Object.assign(event, { pointerId: 1, pointerType: 'mouse', pressure: 0.5 });
    act(() => void host.dispatchEvent(event));
  };
  at('pointerdown', x, y);
  at('pointermove', (x + toX) / 2, (y + toY) / 2);
  at('pointermove', toX, toY);
  at('pointerup', toX, toY);
}

test('shapes and answers are taken back in the order in which they were given, and come back with their question', async () => {
  await openSeveral(kind, parts, length);
  key('Digit1');
  await waitFor(() => expect(group('Outline every part')).not.toBeNull());
  await waitFor(() => expect(document.querySelector('[data-desk="ready"]')).not.toBeNull());
  key('KeyB');
  draw(60, 200, 160, 260);
  draw(180, 200, 260, 260);
  expect(rows()).toHaveLength(2);
  const field = screen.getByRole('textbox', { name: 'How long?' });
  fireEvent.change(field, { target: { value: '7' } });
  draw(60, 270, 160, 300);
  expect(rows()).toHaveLength(3);
  // One pair of buttons for all of it.
  expect(screen.getAllByRole('button', { name: 'Undo' })).toHaveLength(1);
  fireEvent.click(screen.getByRole('button', { name: /^Dog/ }));
  expect(group('Outline every part')).toBeNull();
  undo();
  await waitFor(() => expect(rows()).toHaveLength(3));
  undo();
  expect([rows().length, field]).toEqual([2, expect.objectContaining({ value: '7' })]);
  undo();
  expect([rows().length, (field as HTMLInputElement).value]).toEqual([2, '']);
  undo();
  undo();
  expect(rows()).toHaveLength(0);
  undo();
  expect(group('Outline every part')).toBeNull();
  for (let at = 0; at < 6; at += 1) redo();
  expect(group('Outline every part')).toBeNull();
  undo();
  await waitFor(() => expect(rows()).toHaveLength(3));
  // "Nothing to draw" is taken back by drawing, and undoing that is one step.
  act(() => screen.getByRole('group', { name: 'Outline every part' }).focus());
  key('KeyN');
  key('KeyN');
  expect(within(group('Outline every part') as HTMLElement).getByRole('button', { name: /nothing/i, pressed: true })).toBeInTheDocument(); // biome-ignore format: one line
  draw(200, 270, 260, 300);
  expect(rows()).toHaveLength(4);
  undo();
  expect(rows()).toHaveLength(3);
  expect(within(group('Outline every part') as HTMLElement).getByRole('button', { name: /nothing/i, pressed: true })).toBeInTheDocument(); // biome-ignore format: one line
  undo();
  act(() => press('Enter', { key: 'Enter' }));
  await waitFor(() => expect(answers()).toHaveLength(1));
  expect(answers()[0]).toMatchObject({ answers: { parts: { kind: 'shapes' }, length: { number: 7 } } });
});
