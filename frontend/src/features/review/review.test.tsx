import { onlineManager } from '@tanstack/react-query';
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { registry } from '@/actions/registry';
import { leadSession, renderPage, serve } from '@/test/render';
import { ReviewPage } from './ReviewPage';
import { disputed, given } from './testCase';

const P = '/api/v1/projects/emoji';
const schema = {
  queue: {
    name: 'Animals',
    question: {
      title: 'Which animal?',
      titles: {},
      allow_none: true,
      allow_cannot_tell: true,
      kind: 'single_choice',
    },
  },
  classes: [
    { key: 'animal', name: 'Animal', parent: null, selectable: false },
    { key: 'cat', name: 'Cat', parent: 'animal', selectable: true },
    { key: 'dog', name: 'Dog', parent: 'animal', selectable: true },
    { key: 'wolf', name: 'Wolf', parent: 'animal', selectable: true },
  ],
};
const second = {
  ...disputed,
  id: 'c2',
  item: { ...disputed.item, id: 8, sha256: 'b'.repeat(64), name: 'eight.png' },
};
const settled = vi.fn();
const returned = vi.fn();
const planned = vi.fn();
const unknown = {
  value: null,
  low: null,
  high: null,
  level: 0.95,
  n: 0,
  method: '',
  reason: 'nothing was drawn',
};
const right = { value: 0.9, low: 0.79, high: 0.96, level: 0.95, n: 50, method: 'wilson', reason: null };
const plan = {
  share: 0.1,
  agreement_below: null,
  running_job: null,
  n_drawn: 60,
  n_settled: 50,
  quality: right,
  annotators: [
    { id: 'p1', pseudonym: 'A-1', kind: 'crowd', quality: right },
    { id: 'p2', pseudonym: 'A-2', kind: 'expert', quality: unknown },
  ],
};
const routes = {
  [`${P}/queues`]: {
    results: [{ id: 'q1', name: 'Animals', purpose: 'labeling', n_open_cases: 2 }],
    next: null,
  },
  [`${P}/queues/q1/review-plan`]: plan,
  [`PUT ${P}/queues/q1/review-plan`]: async (request: Request) => {
    const body = await request.json();
    planned(body);
    return { ...plan, ...body };
  },
  [`POST ${P}/review/c1/return`]: async (request: Request) => {
    const body = await request.json();
    returned(body, request.headers.get('Idempotency-Key'));
    return { ...disputed, state: 'returned', n_returns: 1 };
  },
  [`${P}/review`]: { results: [disputed, second], next: null },
  [`${P}/queues/q1/workbench`]: schema,
  [`POST ${P}/review/c1/settle`]: async (request: Request) => {
    const body = await request.json();
    settled(body);
    return { ...disputed, state: 'settled', answer: body.answer, settled_by: 'Lea Lead' };
  },
};

beforeEach(() => {
  people += 1;
  window.addEventListener('keydown', registry.handleKey);
  vi.stubGlobal('indexedDB', new IDBFactory());
});
afterEach(() => {
  window.removeEventListener('keydown', registry.handleKey);
  settled.mockReset();
  returned.mockReset();
  planned.mockReset();
  onlineManager.setOnline(true);
  vi.unstubAllGlobals();
});

let people = 0;
/** Somebody of their own in each test: what they began to write is kept by person. */
const show = (search = '') =>
  renderPage(<ReviewPage />, {
    at: `/p/emoji/review${search}`,
    route: '/p/$project/review',
    session: {
      ...leadSession,
      user: { id: `reviewer${people}`, email: 'lead@example.org', name: 'Lea Lead' },
    },
  });

test('the labels of all annotators side by side, and what leads', async () => {
  vi.stubGlobal('fetch', serve(routes));
  show();
  const cards = await screen.findByRole('list', { name: 'Labels of all annotators' });
  const rows = within(cards).getAllByRole('listitem');
  expect(rows.map((row) => row.textContent)).toEqual([
    expect.stringMatching(/^Dog.*A-1 \(crowd\)/),
    expect.stringMatching(/^Cat.*A-2 \(expert\).*Whiskers/),
    expect.stringMatching(/^Dog.*A-3 \(crowd\)/),
    expect.stringMatching(/^None of these.*A-4 \(staff\)/),
  ]);
  expect(screen.getByRole('button', { name: /consensus, 62% sure/ })).toHaveTextContent(/^Cat/);
  expect(screen.getByText(/A-5 · skipped: broken or not recognisable/)).toBeInTheDocument();
  expect(screen.getAllByRole('img', { name: 'seven.png' }).length).toBeGreaterThan(0);
});

test('a digit accepts the label of that annotator', async () => {
  vi.stubGlobal('fetch', serve(routes));
  show();
  await screen.findByRole('list', { name: 'Labels of all annotators' });
  fireEvent.keyDown(document.body, { code: 'Digit3', key: '3' });
  await waitFor(() =>
    expect(settled).toHaveBeenCalledWith({
      answer: { kind: 'class', classes: ['dog'] },
      fixed_from: null,
      note: '',
      replace: false,
    }),
  );
});

test('an answer that waits for the network is for the case it was given to, not for the one shown meanwhile', async () => {
  const elsewhere = vi.fn();
  vi.stubGlobal(
    'fetch',
    serve({
      ...routes,
      [`POST ${P}/review/c2/settle`]: async (request: Request) => {
        elsewhere(await request.json());
        return { ...second, state: 'settled' };
      },
    }),
  );
  show();
  await screen.findByRole('list', { name: 'Labels of all annotators' });
  onlineManager.setOnline(false);
  fireEvent.keyDown(document.body, { code: 'Digit3', key: '3' });
  fireEvent.keyDown(document.body, { code: 'KeyD', key: 'd' });
  expect(await screen.findByText(/^eight\.png/)).toBeInTheDocument();
  expect(settled).not.toHaveBeenCalled();
  onlineManager.setOnline(true);
  await waitFor(() => expect(settled).toHaveBeenCalledTimes(1));
  expect(elsewhere).not.toHaveBeenCalled();
  await waitFor(() => expect(screen.getByRole('button', { name: /consensus, 62% sure/ })).toBeEnabled());
  // Nobody was taken away from the second.
  expect(screen.getByText(/^eight\.png/)).toBeInTheDocument();
});

test('F goes to the field of the right answer', async () => {
  vi.stubGlobal('fetch', serve(routes));
  show();
  const field = await screen.findByLabelText('Another class');
  fireEvent.keyDown(document.body, { code: 'KeyF', key: 'f' });
  expect(field).toHaveFocus();
});

test('R sends the doubtful answers back with a comment at a place', async () => {
  vi.stubGlobal('fetch', serve(routes));
  show();
  await screen.findByRole('list', { name: 'Labels of all annotators' });
  fireEvent.keyDown(document.body, { code: 'KeyR', key: 'r' });
  const form = await screen.findByRole('form', { name: 'Send back' });
  expect(within(form).getByRole('button', { name: /^Send back/ })).toBeDisabled();
  expect(within(form).getByRole('checkbox', { name: 'A-2' })).not.toBeChecked();
  await userEvent.click(within(form).getByRole('checkbox', { name: 'A-4' }));
  await userEvent.type(within(form).getByLabelText(/^Comment/), 'Look at the ears');
  fireEvent.change(within(form).getByLabelText('x'), { target: { value: '12' } });
  fireEvent.change(within(form).getByLabelText('y'), { target: { value: '30.5' } });
  await userEvent.keyboard('{Control>}{Enter}{/Control}');
  await waitFor(() =>
    expect(returned).toHaveBeenCalledWith(
      { to: 'annotator', answers: [1, 3], comment: 'Look at the ears', x: 12, y: 30.5 },
      expect.any(String),
    ),
  );
  await waitFor(() =>
    expect(screen.getByRole('button', { name: 'eight.png' })).toHaveAttribute('aria-current', 'true'),
  );
});

test('P sends to the pool, without a comment if need be; Escape sends nothing', async () => {
  vi.stubGlobal('fetch', serve(routes));
  show();
  await screen.findByRole('list', { name: 'Labels of all annotators' });
  fireEvent.keyDown(document.body, { code: 'KeyP', key: 'p' });
  fireEvent.keyDown(await screen.findByLabelText(/^Comment/), { code: 'Escape', key: 'Escape' });
  await waitFor(() => expect(screen.queryByRole('form', { name: 'Send back' })).toBeNull());
  fireEvent.keyDown(document.body, { code: 'KeyP', key: 'p' });
  await userEvent.click(await screen.findByRole('button', { name: /^Send back/ }));
  await waitFor(() =>
    expect(returned).toHaveBeenCalledWith(
      expect.objectContaining({ to: 'pool', x: null }),
      expect.any(String),
    ),
  );
});

test('what was sent back stays in the history, and cannot be sent back twice', async () => {
  const said = {
    destination: 'annotator',
    comment: 'The ears',
    x: 1,
    y: 2,
    by: 'Lea',
    at: '2026-01-02T10:00:00Z',
  };
  const back = given(9, 'A-9', 'crowd', { kind: 'class', classes: ['wolf'] }, { sent_back: said as never });
  const out = { ...disputed, state: 'returned', answers: [...disputed.answers, back] };
  vi.stubGlobal('fetch', serve({ ...routes, [`${P}/review`]: { results: [out], next: null } }));
  show('?state=returned');
  expect(await screen.findByText(/A-9 · Wolf · sent back by Lea .* · The ears/)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /To the pool/ })).toBeNull();
});

test('quality by annotator with its interval, and the plan of a lead', async () => {
  vi.stubGlobal('fetch', serve(routes));
  show();
  expect(await screen.findByText('50 of 60')).toBeInTheDocument();
  const table = screen.getByRole('table', { name: 'Right labels by annotator' });
  expect(within(table).getByText('nothing was drawn', { exact: false })).toBeInTheDocument();
  const share = screen.getByLabelText('Random share reviewed');
  await userEvent.clear(share);
  await userEvent.type(share, '25');
  await userEvent.click(screen.getByRole('button', { name: 'Plan the review' }));
  await waitFor(() => expect(planned).toHaveBeenCalledWith({ share: 0.25, agreement_below: null }));
});

test('Enter accepts the leading answer and opens the next case', async () => {
  vi.stubGlobal('fetch', serve(routes));
  show();
  await screen.findByRole('button', { name: /consensus, 62% sure/ });
  fireEvent.keyDown(document.body, { code: 'Enter', key: 'Enter' });
  await waitFor(() =>
    expect(settled).toHaveBeenCalledWith({
      answer: { kind: 'class', classes: ['cat'] },
      fixed_from: null,
      note: '',
      replace: false,
    }),
  );
  await waitFor(() =>
    expect(screen.getByRole('button', { name: 'eight.png' })).toHaveAttribute('aria-current', 'true'),
  );
  expect(screen.getByText('1 left')).toBeInTheDocument();
});

test('another class is typed ahead, and its note goes along', async () => {
  vi.stubGlobal('fetch', serve(routes));
  show();
  await userEvent.type(await screen.findByLabelText('Note'), 'Look at the ears');
  await userEvent.type(screen.getByLabelText('Another class'), 'wo{Enter}');
  await waitFor(() =>
    expect(settled).toHaveBeenCalledWith({
      answer: { kind: 'class', classes: ['wolf'] },
      fixed_from: null,
      note: 'Look at the ears',
      replace: false,
    }),
  );
});

test('where several classes may apply the reviewer puts the answer together', async () => {
  const question = { ...schema.queue.question, kind: 'multiple_choice' };
  const several = { ...schema, queue: { ...schema.queue, question } };
  vi.stubGlobal('fetch', serve({ ...routes, [`${P}/queues/q1/workbench`]: several }));
  show();
  // It starts from the leading answer, offers what anybody said, and takes any class besides.
  expect(await screen.findByRole('checkbox', { name: 'Cat' })).toBeChecked();
  await userEvent.click(screen.getByRole('checkbox', { name: 'Dog' }));
  await userEvent.click(screen.getByRole('checkbox', { name: 'Cat' }));
  await userEvent.type(screen.getByLabelText('Another class'), 'wo{Enter}');
  expect(settled).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole('button', { name: 'Settle with these 2 classes' }));
  await waitFor(() =>
    expect(settled).toHaveBeenCalledWith(
      expect.objectContaining({ answer: { kind: 'class', classes: ['dog', 'wolf'] } }),
    ),
  );
});

test('keys for none of these and cannot tell, and nothing while one types', async () => {
  vi.stubGlobal('fetch', serve(routes));
  show();
  const note = await screen.findByLabelText('Note');
  fireEvent.keyDown(note, { code: 'KeyN', key: 'n' });
  expect(settled).not.toHaveBeenCalled();
  fireEvent.keyDown(document.body, { code: 'KeyN', key: 'n' });
  await waitFor(() =>
    expect(settled).toHaveBeenCalledWith(expect.objectContaining({ answer: { kind: 'none_of_these' } })),
  );
});

test('nothing is disputed, and an error', async () => {
  vi.stubGlobal('fetch', serve({ ...routes, [`${P}/review`]: { results: [], next: null } }));
  show();
  expect(await screen.findByText('Nothing is waiting for review')).toBeInTheDocument();
  vi.stubGlobal('fetch', serve({}));
  show();
  expect(await screen.findByRole('alert')).toBeInTheDocument();
});

test('a settled case becomes gold of its queue, with the answer that it was settled with', async () => {
  const made = vi.fn();
  const done = { ...disputed, state: 'settled' as const, answer: { kind: 'class', classes: ['wolf'] } };
  const labeling = { ...schema, queue: { ...schema.queue, purpose: 'labeling' } };
  const server = {
    ...routes,
    [`${P}/review`]: { results: [done], next: null },
    [`${P}/queues/q1/workbench`]: labeling,
    [`POST ${P}/queues/q1/gold`]: async (request: Request) => {
      made(await request.json());
      return { added: 0, turned: 1, known: 0 };
    },
  };
  vi.stubGlobal('fetch', serve(server));
  show('?state=settled');
  await userEvent.click(await screen.findByRole('button', { name: 'Make it gold' }));
  expect(await screen.findByText('1 item is gold now.')).toBeInTheDocument();
  expect(made).toHaveBeenCalledWith({
    answers: [{ item: 7, answer: { kind: 'class', classes: ['wolf'] } }],
  });
});

test('a comment and a note in progress are there again after a reload, and gone when they are sent', async () => {
  vi.stubGlobal('fetch', serve(routes));
  const page = show();
  await screen.findByRole('list', { name: 'Labels of all annotators' });
  await userEvent.type(screen.getByLabelText('Note'), 'Look twice');
  fireEvent.keyDown(document.body, { code: 'KeyR', key: 'r' });
  await userEvent.type(await screen.findByLabelText(/^Comment/), 'The ears');
  window.dispatchEvent(new Event('pagehide'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  page.unmount();
  show();
  expect(await screen.findByLabelText(/^Comment/)).toHaveValue('The ears');
  fireEvent.click(screen.getByRole('button', { name: 'Do not send' }));
  expect(screen.getByLabelText('Note')).toHaveValue('Look twice');
  fireEvent.keyDown(document.body, { code: 'Enter', key: 'Enter' });
  await waitFor(() => expect(settled).toHaveBeenCalledWith(expect.objectContaining({ note: 'Look twice' })));
  cleanup();
  show();
  await screen.findByRole('list', { name: 'Labels of all annotators' });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(screen.getByLabelText('Note')).toHaveValue('');
});
