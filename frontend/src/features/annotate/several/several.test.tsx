import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { animals, answers, lease, onTable, press, server, setTable, show, workbenchOf } from '../testBench';
import type { Answer } from '../types';

setTable();

const P = '/api/v1/projects/emoji/queues/q1';
const asks = { allow_none: true, allow_cannot_tell: true };
const leaf = (key: string, name: string) => ({
  key,
  name,
  names: { en: name },
  parent: null,
  selectable: true,
});
const kind = {
  question: { key: 'kind', kind: 'single_choice', title: 'Which animal?', ...asks },
  classes: animals,
};
const coat = {
  question: {
    key: 'coat',
    kind: 'multiple_choice',
    title: 'Which coat?',
    ...asks,
    max_choices: 2,
    when: { question: 'kind', has: ['cat'] },
  },
  classes: [leaf('black', 'Black'), leaf('white', 'White'), leaf('red', 'Red')],
};
const length = {
  question: { key: 'length', kind: 'number', title: 'How long?', ...asks, min: 0, max: 40, unit: 'cm' },
  classes: [],
};
const note = {
  question: { key: 'note', kind: 'text', title: 'What else?', allow_none: true, allow_cannot_tell: false },
  classes: [],
};

async function open(...asked: object[]) {
  server.routes[`${P}/workbench`] = { ...workbenchOf(animals), asked };
  await show();
  await screen.findByRole('group', { name: 'Which animal?' });
}

const group = (name: string) => screen.getByRole('group', { name });
const field = (name: string) => screen.getByRole('textbox', { name });
const enter = () => press('Enter', { key: 'Enter' });
const chosen = (...classes: string[]): Answer => ({ kind: 'class', classes });
const sent = (n: number) => waitFor(() => expect(answers()).toHaveLength(n));

test('a day without a mouse: keys, a condition that comes and goes, a number, Enter', async () => {
  await open(kind, coat, length);
  await waitFor(() => expect(group('Which animal?')).toHaveFocus());
  expect(screen.queryByRole('group', { name: 'Which coat?' })).toBeNull();
  act(() => press('Digit1'));
  await waitFor(() => expect(group('Which coat?')).toHaveFocus());
  act(() => press('Digit1'));
  act(() => press('Digit3'));
  expect(screen.getByRole('button', { name: /^Black/ })).toHaveAttribute('aria-pressed', 'true');
  // Two are the most.
  act(() => press('Digit2'));
  expect(screen.getByRole('button', { name: /^White/ })).toHaveAttribute('aria-pressed', 'false');
  await userEvent.tab();
  expect(field('How long?')).toHaveFocus();
  await userEvent.type(field('How long?'), '12,5');
  act(() => enter());
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  await sent(1);
  expect(answers()[0]).toEqual({
    kind: 'answers',
    answers: { kind: chosen('cat'), coat: chosen('black', 'red'), length: { kind: 'number', number: 12.5 } },
  });
  await waitFor(() => expect(group('Which animal?')).toHaveFocus());
  expect(screen.getByTestId('answered')).toHaveTextContent('0 of 2 answered');
});

test('what is not asked any more is not sent, and is there again when it is asked again', async () => {
  await open(kind, coat);
  act(() => press('Digit1'));
  act(() => press('Digit2'));
  fireEvent.click(screen.getByRole('button', { name: /^Dog/ }));
  expect(screen.queryByRole('group', { name: 'Which coat?' })).toBeNull();
  expect(group('Which animal?')).toHaveFocus();
  act(() => press('Digit1'));
  expect(screen.getByRole('button', { name: /^White/ })).toHaveAttribute('aria-pressed', 'true');
  act(() => press('ArrowUp'));
  act(() => press('KeyN'));
  act(() => enter());
  await sent(1);
  expect(answers()[0]).toEqual({ kind: 'answers', answers: { kind: { kind: 'none_of_these' } } });
});

test('Enter says what is missing at its question, and the cursor is there', async () => {
  await open(kind, length, note);
  act(() => press('ArrowDown'));
  await waitFor(() => expect(field('How long?')).toHaveFocus());
  await userEvent.type(field('How long?'), '99');
  act(() => enter());
  expect(await screen.findByText('The most is 40.')).toBeInTheDocument();
  expect(group('Which animal?')).toHaveAccessibleDescription('This still needs an answer.');
  expect(screen.getByRole('alert')).toHaveTextContent('3 answers are missing or not right yet.');
  await waitFor(() => expect(group('Which animal?')).toHaveFocus());
  expect(server.sent).toEqual([]);
  act(() => press('KeyT'));
  await waitFor(() => expect(field('What else?')).toHaveFocus());
  expect(screen.getByRole('alert')).toHaveTextContent('2 answers are missing');
});

test('in a field letters are letters, Escape gives the keys back, and composing sends nothing', async () => {
  await open(kind, note);
  act(() => press('Digit2'));
  await waitFor(() => expect(field('What else?')).toHaveFocus());
  await userEvent.type(field('What else?'), 'nut');
  fireEvent.keyDown(field('What else?'), { code: 'Enter', key: 'Enter', isComposing: true });
  fireEvent.keyDown(field('What else?'), { code: 'Enter', key: 'Process', keyCode: 229 });
  fireEvent.keyDown(field('What else?'), { code: 'Tab', key: 'Tab', shiftKey: true, isComposing: true });
  expect(field('What else?')).toHaveFocus();
  expect(onTable()).toBe('1:shown');
  await userEvent.type(field('What else?'), '{Escape}');
  expect(group('What else?')).toHaveFocus();
  act(() => press('KeyN'));
  expect(screen.getByRole('button', { name: /Nothing to say/ })).toHaveAttribute('aria-pressed', 'true');
  act(() => enter());
  await sent(1);
  expect(answers()[0]).toEqual({
    kind: 'answers',
    answers: { kind: chosen('dog'), note: { kind: 'none_of_these' } },
  });
});

test('a class is typed ahead in the question that has the focus', async () => {
  const many = Array.from({ length: 40 }, (_, at) => leaf(`c${at}`, `Colour ${at}`));
  const colour = { question: { ...kind.question, key: 'colour', title: 'Which colour?' }, classes: many };
  await open(kind, colour, length);
  act(() => press('Digit1'));
  await waitFor(() => expect(group('Which colour?')).toHaveFocus());
  act(() => press('Slash', { key: '/' }));
  await userEvent.type(screen.getByRole('combobox', { name: 'Search classes' }), 'colour 17{Enter}');
  await waitFor(() => expect(field('How long?')).toHaveFocus());
  await userEvent.type(field('How long?'), '3{Enter}');
  await sent(1);
  expect(answers()[0]).toMatchObject({ answers: { colour: chosen('c17') } });
});

test('what was begun is kept, and an answer is gone back to, changed and sent as the next revision', async () => {
  await open(kind, coat, length);
  act(() => press('Digit2'));
  await userEvent.type(field('How long?'), '7{Enter}');
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  act(() => press('Digit1'));
  act(() => press('Digit3'));
  act(() => press('KeyA'));
  await waitFor(() => expect(onTable()).toBe('1:shown'));
  expect(screen.getByRole('button', { name: /^Dog/ })).toHaveAttribute('aria-pressed', 'true');
  expect(field('How long?')).toHaveValue('7');
  act(() => press('KeyN'));
  act(() => press('Escape', { key: 'Escape' }));
  act(() => enter());
  await waitFor(() => expect(onTable()).toBe('2:shown'));
  await sent(2);
  expect(server.sent[1]).toMatchObject({
    task: 1,
    revision: 2,
    answer: {
      kind: 'answers',
      answers: { kind: { kind: 'none_of_these' }, length: { kind: 'number', number: 7 } },
    },
  });
  await waitFor(() =>
    expect(screen.getByRole('button', { name: /^Red\b/ })).toHaveAttribute('aria-pressed', 'true'),
  );
});

test('what the server refuses is told in words and opened again with all its answers', async () => {
  await open(kind, length);
  server.refusal = {
    title: 'Lost',
    detail: 'Others have finished this task.',
    status: 409,
    code: 'lease-lost',
  };
  act(() => press('Digit2'));
  await userEvent.type(field('How long?'), '7{Enter}');
  fireEvent.click(await screen.findByText('1 needs you'));
  expect(await screen.findByText('1.png · Which animal?: Dog · How long?: 7')).toBeInTheDocument();
  server.refusal = null;
  fireEvent.click(await screen.findByRole('link', { name: 'Open it' }));
  await waitFor(() => expect(onTable()).toBe('1:shown'));
  await waitFor(() => expect(screen.getByLabelText('How long?', { selector: 'input' })).toHaveValue('7'));
});

test('reasons to skip take the keys, and nothing of the answer is sent', async () => {
  await open(kind, coat);
  act(() => press('Digit1'));
  act(() => press('KeyX'));
  await screen.findByText('Why skip it?');
  act(() => press('Digit2'));
  await sent(1);
  expect(answers()[0]).toEqual({ kind: 'skip', reason: 'unclear_question' });
});

test('what the server advises is said calmly, and not again once it was read', async () => {
  server.routes[`POST ${P}/next`] = async (request: Request) => {
    const { holding } = await request.json();
    const leases = holding.length > 0 ? [] : [1, 2].map((n) => lease(n));
    return { leases, lost: [], remaining: 2, message: null, advice: 'take-a-break' };
  };
  await show();
  expect(await screen.findByText('Time for a short pause?')).toBeInTheDocument();
  fireEvent.click(screen.getByRole('button', { name: 'Go on' }));
  expect(screen.queryByText('Time for a short pause?')).toBeNull();
  act(() => press('Digit1'));
  await sent(1);
  expect(screen.queryByText('Time for a short pause?')).toBeNull();
});

test('a limit is told with when it goes on', async () => {
  server.routes[`POST ${P}/next`] = { leases: [], lost: [], remaining: 0, message: 'limit-day' };
  server.pictures = 'late';
  await show();
  expect(await screen.findByRole('heading', { name: 'That is all for today' })).toBeInTheDocument();
  expect(screen.getByText(/It goes on at \d{2}:00/)).toBeInTheDocument();
});
