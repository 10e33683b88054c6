import { ModalsProvider } from '@mantine/modals';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { leadSession, renderPage, serve } from '@/test/render';
import { changesOf } from './components/QueueSettings';
import { QueuePage } from './QueuePage';
import { QueuesPage, selectionFrom } from './QueuesPage';
import { asFilter, type Queue } from './queries';

afterEach(() => vi.unstubAllGlobals());

const P = '/api/v1/projects/emoji';
const estimate = (value: number | null, low: number | null, high: number | null) => ({
  value,
  low,
  high,
  level: 0.95,
  n: 300,
  method: 'bootstrap',
  reason: value === null ? 'start it once' : null,
});
const queue: Queue = {
  id: 'q1',
  name: 'What is it?',
  purpose: 'labeling',
  state: 'open',
  schema: 's1',
  schema_name: 'Emoji',
  schema_version: 2,
  question: 'thing',
  questions: ['kind'],
  not_counted: null,
  redundancy: 3,
  skills: [],
  kinds: ['crowd'],
  gold_share: 0.1,
  auto_submit: true,
  instructions: 'Look.',
  instructions_revision: 1,
  skip_to: 'others',
  stop_at: null,
  stop_min: 2,
  gold_misses: null,
  day_limit: null,
  person_limit: null,
  share_limit: null,
  n_tasks: 100,
  n_slots: 310,
  n_saved: 10,
  n_gold: 5,
  n_done: 150,
  n_completed: 40,
  n_open_cases: 7,
  created_at: '2026-01-02T10:00:00Z',
};
const closed = { ...queue, id: 'q2', name: 'Old one', state: 'closed' as const, n_open_cases: 0 };
const mine = {
  id: 'q1',
  project: 'emoji',
  project_name: 'Emoji',
  name: 'What is it?',
  purpose: 'labeling',
  state: 'open',
  remaining: 60,
  n_done: 12,
  n_skipped: 0,
  last_at: null,
};
const stats = {
  n_tasks: 100,
  n_slots: 300,
  n_saved: 10,
  n_past: 0,
  n_done: 150,
  n_completed: 40,
  n_skipped: 2,
  n_gold_answers: 0,
  n_annotators: 8,
  last_at: '2026-01-02T10:00:00Z',
  last_hour: 30,
  eta_seconds: 18_000,
  n_open_cases: 7,
  per_day: [
    { day: '2026-01-01', n: 0 },
    { day: '2026-01-02', n: 150 },
  ],
};
const consensus = {
  run: 'c1',
  method: 'dawid_skene',
  computed_at: '2026-01-02T10:00:00Z',
  strength: 1,
  strength_reason: null,
  n_answers: 150,
  n_items: 50,
  n_accepted: 33,
  running_job: null,
  preview: [
    { threshold: 0.8, accepted: 9, review: 1, waiting: 50 },
    { threshold: 0.9, accepted: 6, review: 4, waiting: 50 },
  ],
};
const agreement = {
  computed_at: '2026-01-02T10:00:00Z',
  n_answers: 150,
  n_items: 50,
  n_abstained: 3,
  figures: {
    krippendorff_alpha: estimate(0.83, 0.74, 0.9),
    fleiss_kappa: estimate(0.82, 0.73, 0.9),
    observed: estimate(0.85, 0.78, 0.91),
  },
};
const facets = {
  total: 42,
  facets: [{ name: 'source', kind: 'source', values: [{ value: 'noto', count: 42 }] }],
};
const lists = {
  [`${P}/queues`]: { results: [queue, closed], next: null },
  [`${P}/my-work`]: { queues: [mine] },
  [`${P}/items/facets`]: facets,
};
const overview = {
  ...lists,
  [`${P}/queues/q1`]: queue,
  [`${P}/queues/q1/stats`]: stats,
  [`${P}/queues/q1/consensus`]: consensus,
  [`${P}/queues/q1/agreement`]: agreement,
  [`${P}/queues/q1/at-work`]: { results: [], next: null },
};
const at = (role: 'lead' | 'annotator') => {
  const membership = leadSession.memberships[0];
  if (!membership) throw new Error('The session of the tests has a project.');
  return { ...leadSession, memberships: [{ ...membership, role }] };
};
const showList = (role: 'lead' | 'annotator' = 'lead', search = '') =>
  renderPage(<QueuesPage />, {
    at: `/p/emoji/label${search}`,
    route: '/p/$project/label',
    session: at(role),
  });
const showQueue = () => {
  const page = (
    <ModalsProvider>
      <QueuePage />
    </ModalsProvider>
  );
  return renderPage(page, { at: '/p/emoji/label/q1/overview', route: '/p/$project/label/$queue/overview' });
};

test('a card says what is left for me, how far the queue is, and what waits for review', async () => {
  vi.stubGlobal('fetch', serve(lists));
  showList();
  const card = await screen.findByRole('article', { name: 'What is it?' });
  expect(card).toHaveTextContent('50% · 150 of 300 labels');
  expect(card).toHaveTextContent('60 left for you');
  expect(within(card).getByRole('link', { name: 'Continue' })).toHaveAttribute('href', '/p/emoji/label/q1');
  expect(within(card).getByRole('link', { name: 'Review 7 disputes' })).toHaveAttribute(
    'href',
    '/p/emoji/review?queue=q1',
  );
  expect(screen.queryByRole('article', { name: 'Old one' })).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole('radio', { name: 'All (2)' }));
  expect(await screen.findByRole('article', { name: 'Old one' })).toBeInTheDocument();
});

test('an annotator sees their own work and no way to make a queue', async () => {
  vi.stubGlobal('fetch', serve({ [`${P}/my-work`]: { queues: [mine] } }));
  showList('annotator');
  expect(await screen.findByText(/60 left for you/)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'New queue' })).not.toBeInTheDocument();
  expect(screen.queryByRole('link', { name: 'Overview' })).not.toBeInTheDocument();
});

test('nothing, and an error', async () => {
  vi.stubGlobal('fetch', serve({ ...lists, [`${P}/queues`]: { results: [], next: null } }));
  showList();
  expect(await screen.findByText('No queue is open')).toBeInTheDocument();
  vi.stubGlobal('fetch', serve({}));
  showList();
  expect(await screen.findByRole('alert')).toBeInTheDocument();
});

test('a queue is made of a question and a selection, and the form says how many items that is', async () => {
  const made = vi.fn();
  const schema = {
    id: 's1',
    family: 'emoji',
    version: 2,
    name: 'Emoji',
    questions: [
      { key: 'thing', kind: 'single_choice', title: { en: 'What is it?' }, n_classes: 9, when: null },
      { key: 'colour', kind: 'text', title: { en: 'Which colour?' }, n_classes: 0, when: 'thing' },
    ],
  };
  vi.stubGlobal(
    'fetch',
    serve({
      ...overview,
      [`${P}/schemas`]: { results: [schema], next: null },
      [`POST ${P}/queues`]: async (request: Request) => {
        made(await request.json());
        return { queue, job: 'j1' };
      },
    }),
  );
  await import('./components/CreateQueue');
  showList('lead', '?new=1&source=noto');
  expect(await screen.findByText('42 items.')).toBeInTheDocument();
  fireEvent.change(await screen.findByLabelText(/^Name/), { target: { value: 'Second round' } });
  const early = screen.getByRole('textbox', { name: /^Finish early/ });
  expect(early).toBeEnabled();
  await userEvent.click(screen.getByRole('checkbox', { name: 'Which colour?' }));
  expect(screen.getByText(/only after some answers to “What is it\?”/)).toBeInTheDocument();
  expect(screen.getByRole('note')).toHaveTextContent('cannot be counted against each other');
  expect(early).toBeDisabled();
  await userEvent.click(screen.getByText('Create the queue'));
  await waitFor(() => expect(made).toHaveBeenCalled());
  expect(made.mock.calls[0]?.[0]).toMatchObject({
    name: 'Second round',
    schema: 's1',
    questions: ['thing', 'colour'],
    stop_at: null,
    redundancy: 3,
    selection: { sources: ['noto'] },
  });
});

test('an overview reads agreement at the low end of its interval', async () => {
  vi.stubGlobal('fetch', serve(overview));
  showQueue();
  expect(await screen.findByText(/at this pace 5 h 00 min left/)).toBeInTheDocument();
  // alpha is 0.83, but its interval reaches down to 0.74.
  expect(await screen.findByText(/conclusions are tentative/)).toBeInTheDocument();
  expect(screen.getByLabelText(/Krippendorff's alpha, 0.83/)).toBeInTheDocument();
  expect(screen.getByText(/7 are disputed/)).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Review them' })).toHaveAttribute(
    'href',
    '/p/emoji/review?queue=q1',
  );
});

test('where answers are not counted, the page says how they count, and offers no consensus', async () => {
  const several = {
    ...queue,
    questions: ['kind', 'colour'],
    not_counted: 'Several questions cannot be counted.',
  };
  vi.stubGlobal('fetch', serve({ ...overview, [`${P}/queues/q1`]: several }));
  showQueue();
  expect(await screen.findByRole('heading', { name: 'How these answers count' })).toBeInTheDocument();
  expect(screen.getByText(/kind, colour/)).toBeInTheDocument();
  expect(screen.queryByRole('heading', { name: 'Consensus' })).toBeNull();
  expect(screen.queryByRole('heading', { name: 'Agreement' })).toBeNull();
});

test('accepting asks first, says what it will do, and sends the threshold', async () => {
  const accepted = vi.fn();
  vi.stubGlobal(
    'fetch',
    serve({
      ...overview,
      [`POST ${P}/queues/q1/consensus/accept`]: async (request: Request) => {
        accepted(await request.json());
        return { job: 'j1' };
      },
    }),
  );
  showQueue();
  await userEvent.click(await screen.findByLabelText('80%'));
  await userEvent.click(await screen.findByText('Accept from 80%'));
  expect(await screen.findByText(/^9 items become labels, 1 go to review/)).toBeInTheDocument();
  expect(accepted).not.toHaveBeenCalled();
  await userEvent.click(screen.getByText('Accept'));
  await waitFor(() => expect(accepted).toHaveBeenCalledWith({ threshold: 0.8 }));
});

test('pausing and what is sent of the settings', async () => {
  const changed = vi.fn();
  vi.stubGlobal(
    'fetch',
    serve({
      ...overview,
      [`PATCH ${P}/queues/q1`]: async (request: Request) => {
        const body = await request.json();
        changed(body);
        return { ...queue, ...body };
      },
    }),
  );
  showQueue();
  await userEvent.click(await screen.findByText('Pause'));
  await waitFor(() => expect(changed).toHaveBeenCalledWith({ state: 'paused' }));
  // The state and the button that changes it.
  expect((await screen.findAllByText('Open')).map((one) => one.closest('button') !== null)).toEqual([true]);
  const { kinds } = queue;
  const same = { ...queue, kinds: ['crowd' as const] };
  expect(kinds).toEqual(['crowd']);
  expect(changesOf(queue, same)).toEqual({});
  expect(changesOf(queue, { ...same, gold_share: 0.2 })).toEqual({ gold_share: 0.2 });
  expect(changesOf({ ...queue, day_limit: 5 }, { ...same, stop_at: 0.95 })).toEqual({
    stop_at: 0.95,
    day_limit: null,
  });
});

test('rules are sent as shares, and an emptied one as none', async () => {
  const changed = vi.fn();
  const ruled = { ...queue, day_limit: 50 };
  vi.stubGlobal(
    'fetch',
    serve({
      ...overview,
      [`${P}/queues/q1`]: ruled,
      [`PATCH ${P}/queues/q1`]: async (request: Request) => {
        const body = await request.json();
        changed(body);
        return { ...ruled, ...body };
      },
    }),
  );
  showQueue();
  const least = await screen.findByLabelText('Answers before that, at least');
  expect(least).toBeDisabled();
  fireEvent.change(screen.getByLabelText('Finish early when this sure'), { target: { value: '97.5' } });
  expect(least).toBeEnabled();
  fireEvent.change(screen.getByLabelText('Answers of one person a day'), { target: { value: '' } });
  await userEvent.click(screen.getByText('Save'));
  await waitFor(() => expect(changed).toHaveBeenCalledWith({ stop_at: 0.975, day_limit: null }));
});

test('who holds what, and a lead lets somebody rest', async () => {
  const paused = vi.fn();
  const person = {
    id: 'a1',
    pseudonym: 'A-7F3',
    state: 'active',
    n_given: 40,
    n_today: 12,
    gold_streak: 3,
    suggests_pause: true,
    n_leases: 5,
    next_expiry: '2999-01-02T10:00:00Z',
    heard_at: '2026-01-02T10:00:00Z',
    last_at: null,
  };
  vi.stubGlobal(
    'fetch',
    serve({
      ...overview,
      [`${P}/queues/q1/at-work`]: { results: [person], next: null },
      [`PATCH ${P}/people/a1`]: async (request: Request) => {
        paused(await request.json());
        return {};
      },
    }),
  );
  showQueue();
  const row = (await screen.findByText('A-7F3')).closest('tr') as HTMLElement;
  expect(within(row).getByText(/come back at .* unless renewed/)).toBeInTheDocument();
  expect(within(row).getByText('3 known answers missed in a row')).toBeInTheDocument();
  await userEvent.click(within(row).getByText('Pause'));
  await waitFor(() => expect(paused).toHaveBeenCalledWith({ state: 'paused' }));
});

test('items are raised at once, and opened again only for a reason and when asked', async () => {
  const sent = vi.fn();
  const answer = (name: string) => async (request: Request) => {
    sent(name, await request.json());
    return { job: 'j1' };
  };
  vi.stubGlobal(
    'fetch',
    serve({
      ...overview,
      [`POST ${P}/queues/q1/priority`]: answer('priority'),
      [`POST ${P}/queues/q1/reopen`]: answer('reopen'),
    }),
  );
  showQueue();
  const section = (await screen.findByText('Change items in the queue')).closest('section') as HTMLElement;
  fireEvent.change(within(section).getByLabelText('Text in the file name'), { target: { value: 'cat' } });
  await userEvent.click(within(section).getByText('Set the priority'));
  await waitFor(() =>
    expect(sent).toHaveBeenCalledWith('priority', { selection: { name_contains: 'cat' }, priority: 1 }),
  );
  await userEvent.click(within(section).getByLabelText('Open again'));
  const button = await within(section).findByRole('button', { name: 'Open again' });
  expect(button).toBeDisabled();
  fireEvent.change(within(section).getByLabelText('Why'), { target: { value: 'new guideline' } });
  await waitFor(() => expect(button).toBeEnabled());
  await userEvent.click(button);
  const dialog = await screen.findByRole('dialog');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Open again' }));
  await waitFor(() =>
    expect(sent).toHaveBeenCalledWith('reopen', {
      selection: { name_contains: 'cat' },
      reason: 'new guideline',
    }),
  );
});

test("the explorer's address becomes a selection, and back", () => {
  const selection = selectionFrom({ source: ['a', 'b'], labelled: 'no', name: 'cat', order: 'newest' });
  expect(selection).toEqual({ sources: ['a', 'b'], labelled: false, name_contains: 'cat' });
  expect(asFilter(selection)).toEqual({ source: ['a', 'b'], labelled: 'no', name: 'cat' });
});
