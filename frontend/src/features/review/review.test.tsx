import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { registry } from '@/actions/registry';
import { renderPage, serve } from '@/test/render';
import { ReviewPage } from './ReviewPage';
import { disputed } from './testCase';

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
const routes = {
  [`${P}/queues`]: { results: [{ id: 'q1', name: 'Animals', n_open_cases: 2 }], next: null },
  [`${P}/review`]: { results: [disputed, second], next: null },
  [`${P}/queues/q1/workbench`]: schema,
  [`POST ${P}/review/c1/settle`]: async (request: Request) => {
    const body = await request.json();
    settled(body);
    return { ...disputed, state: 'settled', answer: body.answer, settled_by: 'Lea Lead' };
  },
};

beforeEach(() => window.addEventListener('keydown', registry.handleKey));
afterEach(() => {
  window.removeEventListener('keydown', registry.handleKey);
  settled.mockReset();
  vi.unstubAllGlobals();
});

const show = (search = '') =>
  renderPage(<ReviewPage />, { at: `/p/emoji/review${search}`, route: '/p/$project/review' });

test('what everybody said, with counts and posterior, the leading answer first', async () => {
  vi.stubGlobal('fetch', serve(routes));
  show();
  const leading = await screen.findByRole('button', { name: /^Cat/ });
  expect(leading).toHaveTextContent('62%');
  expect(leading).toHaveTextContent('1 person: A-2 (expert)');
  expect(screen.getByRole('button', { name: /^Dog/ })).toHaveTextContent(
    '2 people: A-1 (crowd), A-3 (crowd)',
  );
  expect(screen.getByText(/A-5 · skipped: broken or not recognisable/)).toBeInTheDocument();
  expect(screen.getByText(/Whiskers/)).toBeInTheDocument();
  expect(screen.getAllByRole('img', { name: 'seven.png' }).length).toBeGreaterThan(0);
});

test('Enter accepts the leading answer and opens the next case', async () => {
  vi.stubGlobal('fetch', serve(routes));
  show();
  await screen.findByRole('button', { name: /^Cat/ });
  fireEvent.keyDown(document.body, { code: 'Enter', key: 'Enter' });
  await waitFor(() =>
    expect(settled).toHaveBeenCalledWith({
      answer: { kind: 'class', classes: ['cat'] },
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
  expect(await screen.findByText('Nothing is disputed')).toBeInTheDocument();
  vi.stubGlobal('fetch', serve({}));
  show();
  expect(await screen.findByRole('alert')).toBeInTheDocument();
});
