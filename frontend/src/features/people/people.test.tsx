import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { renderPage, serve } from '@/test/render';
import { PeoplePage } from './PeoplePage';
import { PersonPage } from './PersonPage';
import type { Person } from './queries';

afterEach(() => vi.unstubAllGlobals());

const P = '/api/v1/projects/emoji';
const estimate = (value: number | null) => ({
  value,
  low: value === null ? null : value - 0.05,
  high: value === null ? null : value + 0.05,
  level: 0.95,
  n: 120,
  method: 'Wilson',
  reason: value === null ? 'no gold items were answered' : null,
});
const person: Person = {
  id: 'p1',
  pseudonym: 'A-1',
  name: 'Simulated crowd Zed',
  user: 'u9',
  kind: 'crowd',
  is_simulated: true,
  skills: ['birds'],
  state: 'active',
  n_done: 807,
  n_gold: 0,
  n_skipped: 3,
  hours: 1.5,
  last_at: '2026-01-02T10:00:00Z',
  reliability: estimate(0.36),
  gold: estimate(null),
  agreement: estimate(0.52),
  seconds_per_label: estimate(2.1),
  labels_per_hour: estimate(1700),
  questions: [],
  per_day: [
    { day: '2026-01-01', n: 0 },
    { day: '2026-01-02', n: 807 },
  ],
};
const good = {
  ...person,
  id: 'p2',
  name: 'Hana',
  pseudonym: 'A-2',
  is_simulated: false,
  reliability: estimate(0.9),
};
const members = {
  results: ['u9', 'u8'].map((id) => ({
    user: {
      id,
      email: `${id}@example.org`,
      name: id === 'u9' ? 'Zed' : 'Newcomer',
      locale: 'en',
      is_operator: false,
    },
    role: 'annotator',
    created_at: '2026-01-01T10:00:00Z',
  })),
  next: null,
};
const routes = {
  [`${P}/people`]: { results: [person, good], next: null },
  [`${P}/people/p1`]: person,
  [`${P}/members`]: members,
};

const show = () => renderPage(<PeoplePage />, { at: '/p/emoji/people', route: '/p/$project/people' });

test('the most reliable come first, programs are named as such, and each number has its interval', async () => {
  vi.stubGlobal('fetch', serve(routes));
  show();
  const rows = (await screen.findAllByRole('row')).slice(1);
  expect(rows[0]).toHaveTextContent('Hana');
  expect(within(rows[0] as HTMLElement).queryByText('Simulated')).not.toBeInTheDocument();
  expect(rows[1]).toHaveTextContent('Simulated crowd Zed');
  expect(within(rows[1] as HTMLElement).getByText('Simulated')).toBeInTheDocument();
  // Reliability, agreement, and the pace in seconds.
  for (const interval of ['31% to 41%', '47% to 57%', '2.05 to 2.15'])
    expect(rows[1]).toHaveTextContent(`${interval} · n = 120`);
  expect(within(rows[1] as HTMLElement).getByRole('img', { name: 'Labels a day: 807' })).toBeInTheDocument();
});

test('a person is paused', async () => {
  const changed = vi.fn();
  vi.stubGlobal(
    'fetch',
    serve({
      ...routes,
      [`PATCH ${P}/people/p2`]: async (request: Request) => {
        changed(await request.json());
        return { ...good, state: 'paused' };
      },
    }),
  );
  show();
  await userEvent.click((await screen.findAllByRole('button', { name: 'Pause' }))[0] as HTMLElement);
  await waitFor(() => expect(changed).toHaveBeenCalledWith({ state: 'paused' }));
});

test('only members who are not annotators yet can be enrolled', async () => {
  const enrolled = vi.fn();
  vi.stubGlobal(
    'fetch',
    serve({
      ...routes,
      [`POST ${P}/people`]: async (request: Request) => {
        enrolled(await request.json());
        return person;
      },
    }),
  );
  show();
  await userEvent.click(await screen.findByRole('button', { name: 'Enrol a member' }));
  await userEvent.click(await screen.findByRole('combobox', { name: /^Member/ }));
  expect(await screen.findByRole('option', { name: /Newcomer/ })).toBeInTheDocument();
  expect(screen.queryByRole('option', { name: /Zed/ })).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole('option', { name: /Newcomer/ }));
  await userEvent.click(screen.getByRole('button', { name: 'Enrol' }));
  await waitFor(() => expect(enrolled).toHaveBeenCalledWith({ user: 'u8', kind: 'staff', skills: [] }));
});

test('nobody yet, and an error', async () => {
  vi.stubGlobal('fetch', serve({ ...routes, [`${P}/people`]: { results: [], next: null } }));
  show();
  expect(await screen.findByText('Nobody labels here yet')).toBeInTheDocument();
  vi.stubGlobal('fetch', serve({}));
  show();
  expect(await screen.findByRole('alert')).toBeInTheDocument();
});

test('a person page says how far to believe, and why it cannot from gold', async () => {
  vi.stubGlobal('fetch', serve(routes));
  renderPage(<PersonPage />, { at: '/p/emoji/people/p1', route: '/p/$project/people/$id' });
  expect(await screen.findByText('Cannot be computed: no gold items were answered')).toBeInTheDocument();
  expect(screen.getByRole('img', { name: /^Reliability, 36%/ })).toBeInTheDocument();
  expect(screen.getByText('A-1 in exports and reviews')).toBeInTheDocument();
  expect(screen.getByText('1 h 30 min')).toBeInTheDocument();
});

test('a person is told apart in each question of a queue that asks several', async () => {
  const on = (question: string, title: string, right: number) => ({
    ...{ queue: 'Pets', question, titles: { en: title } },
    ...{ reliability: estimate(right), agreement: estimate(0.6), gold: estimate(null) },
  });
  const questions = [on('animal', 'Which animal?', 0.95), on('coat', 'Which coat?', 0.51)];
  vi.stubGlobal('fetch', serve({ ...routes, [`${P}/people/p1`]: { ...person, questions } }));
  renderPage(<PersonPage />, { at: '/p/emoji/people/p1', route: '/p/$project/people/$id' });
  const rows = await screen.findByRole('table', { name: 'Question by question' });
  const coat = within(rows).getByRole('row', { name: /Which coat\?/ });
  expect(coat).toHaveTextContent('51%');
  expect(coat).toHaveTextContent('Pets');
});
