import { ModalsProvider } from '@mantine/modals';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { i18n } from '@/app/i18n';
import { eventually } from '@/test/eventually';
import { leadSession, renderPage, serve } from '@/test/render';
import { freeName } from './components/AuditDesign';
import { everyDay } from './components/TrafficByDay';
import { dayEnd, daysAgo } from './days';
import { ProductionPage } from './ProductionPage';

const AT = '/api/v1/projects/emoji';
const PAGE = { route: '/p/$project/production' };
const estimate = (value: number, low: number, high: number) => ({
  value,
  low,
  high,
  level: 0.95,
  n: 60,
  method: 'wilson',
  reason: null,
});
const model = { id: 'm1', name: 'cnn v1' };
const suggestion = {
  id: 's1',
  state: 'open',
  evidence: {
    audit: 'a1',
    sentence: 'The accuracy fell by 25 points.',
    drop: estimate(0.25, 0.12, 0.38),
    p_value: 0.0002,
    alpha: 0.01,
    smallest_drop: 0.02,
  },
  created_at: '2026-11-22T00:00:00Z',
  plan: { step: 'freeze', version: 'emoji@v1', new_labels: 40, added: ['Production'] },
  decided_by: null,
  decided_at: null,
  job: null,
  run: null,
};
const told = {
  endpoint: 'categories',
  model,
  now: '2026-11-22T12:00:00Z',
  days: 30,
  total: 360,
  traffic: [
    {
      day: '2026-11-21',
      model_version_id: 1,
      count: 12,
      with_input: 12,
      mean_score: 0.6,
      latency_p50_ms: 1,
      latency_p95_ms: 3,
    },
  ],
  mix: [{ key: 'objects', count: 114 }],
  class_names: { objects: 'Objects' },
  expected: { ...estimate(0.565, 0.42, 0.7), split: 'test' },
  verdict: { light: 'bad', code: 'fell', sentence: 'The accuracy in production is 31.0%.' },
  audited: [
    {
      audit: 'a1',
      name: 'Weeks 3 and 4',
      at: '2026-11-22T00:00:00Z',
      model: 'cnn v1',
      state: 'complete',
      accuracy: estimate(0.31, 0.23, 0.4),
    },
  ],
  releases: [{ at: '2026-10-25T00:00:00Z', model: 'cnn v1', kind: 'release', reason: '' }],
  suggestions: [suggestion],
};
const audit = (kind: 'random' | 'targeted', result: object | null) => ({
  id: kind,
  name: `A ${kind} one`,
  kind,
  state: 'complete',
  endpoint: 'categories',
  model,
  window_from: '2026-11-08T00:00:00Z',
  window_to: '2026-11-22T00:00:00Z',
  population_size: 150,
  queue: null,
  asked: 60,
  judged: 60,
  result,
  result_at: null,
  created_at: '2026-11-22T00:00:00Z',
  completed_at: null,
});
const preview = {
  population: 360,
  total: 200,
  labels: 200,
  hours: 0.5,
  expected_half_width: 0.042,
  start: '2026-10-25T00:00:00Z',
  end: '2026-11-22T00:00:00Z',
  strata: [
    { name: 'objects · score 0.20 to 0.54', size: 105, sample: 61, guessed_error: 0.63 },
    { name: 'all others', size: 17, sample: 10, guessed_error: 0.5 },
  ],
};
const batch = {
  id: 'b1',
  endpoint: 'categories',
  model,
  window_from: '2026-11-08T00:00:00Z',
  window_to: '2026-11-22T00:00:00Z',
  job: { id: 'j1', state: 'succeeded' },
  audit: null,
  queue: null,
  summary: { candidates: 149, chosen: 2, by_reason: { uncertain: 1, novel: 1 }, note: null },
  created_at: '2026-11-22T00:00:00Z',
};
const sample = (id: string, reason: string) => ({
  request_id: id,
  sha256: `sha-${id}`,
  thumbnail_url: `/media/${id}.webp`,
  reason,
  score: 0.4,
  selection_probability: 1,
  predicted: 'objects',
  predicted_score: 0.31,
  fate: 'waiting',
});
const page = (results: readonly object[]) => ({ results, next: null });
const answers = {
  [`${AT}/production/endpoints`]: [{ name: 'categories', model }],
  [`${AT}/production`]: told,
  [`${AT}/audits`]: page([
    audit('targeted', { kind: 'targeted', judged: 47, wrong: 30, undecidable: 0, asked: 47, sentence: '' }),
    audit('random', { kind: 'random', judged: 60, wrong: 42, accuracy: estimate(0.31, 0.23, 0.4) }),
  ]),
  [`${AT}/audits/preview`]: preview,
  [`${AT}/audit-schedules`]: page([]),
  [`${AT}/hard-samples`]: page([batch]),
  [`${AT}/hard-samples/b1/samples`]: page([sample('r1', 'uncertain'), sample('r2', 'novel')]),
  [`${AT}/queues`]: page([
    { id: 'closed', name: 'Old', purpose: 'labeling', state: 'closed' },
    { id: 'q1', name: 'What is it?', purpose: 'labeling', state: 'open' },
  ]),
  [`${AT}/represent`]: { report: null, running: null },
  [`${AT}/predictions`]: page([]),
};
const given = (routes: Record<string, unknown> = {}) =>
  vi.stubGlobal('fetch', serve({ ...answers, ...routes }));
const show = (search = '', options: object = {}) =>
  renderPage(
    <ModalsProvider>
      <ProductionPage />
    </ModalsProvider>,
    { at: `/p/emoji/production${search}`, ...PAGE, ...options },
  );

test('the overview answers first, then shows what stands behind it', async () => {
  given();
  show();
  expect(await screen.findByText('The accuracy in production is 31.0%.')).toBeInTheDocument();
  expect(screen.getByText('Problem')).toBeInTheDocument();
  expect(screen.getByText('56.5%')).toBeInTheDocument();
  expect(screen.getByRole('img', { name: 'Accuracy over time' })).toHaveTextContent('promised 56.5%');
  expect(screen.getByRole('link', { name: 'Weeks 3 and 4' })).toHaveAttribute(
    'href',
    '/p/emoji/production/audits/a1',
  );
  await userEvent.click(screen.getByRole('button', { name: 'View as table: Predictions a day' }));
  expect(screen.getByRole('row', { name: /Nov 21, 2026 12 3 ms/ })).toBeInTheDocument();
});

test('new labels are frozen first, and the job that does it is shown', async () => {
  let answer: object = suggestion;
  given({
    [`${AT}/production`]: () => ({ ...told, suggestions: [answer] }),
    [`POST ${AT}/suggestions/s1/accept`]: () => {
      answer = { ...suggestion, job: 'j1' };
      return answer;
    },
    [`${AT}/jobs/j1`]: { id: 'j1', kind: 'auditing.retrain', state: 'running', done: 1, total: 4 },
  });
  show();
  expect(await screen.findByText(/40 labels are newer than emoji@v1: they are frozen/)).toHaveTextContent(
    'also takes the pictures from Production',
  );
  await userEvent.click(screen.getByRole('button', { name: 'Freeze and retrain' }));
  expect(await screen.findByRole('progressbar', { name: 'Freeze and retrain' })).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Freeze and retrain' })).toBeDisabled();
});

test('with nothing new to learn the button leads to the hard samples', async () => {
  const plan = { step: 'nothing', version: 'emoji@v1', new_labels: 0, added: [] };
  given({ [`${AT}/production`]: { ...told, suggestions: [{ ...suggestion, plan }] } });
  show();
  expect(await screen.findByText(/nothing new to learn: no label was added/)).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'See the hard samples' })).toHaveAttribute(
    'href',
    expect.stringContaining('tab=hard-samples'),
  );
  expect(screen.queryByRole('button', { name: /etrain now|Freeze/ })).not.toBeInTheDocument();
});

test('a suggestion is dismissed with a reason only', async () => {
  const sent: unknown[] = [];
  given({
    [`POST ${AT}/suggestions/s1/dismiss`]: async (request: Request) => {
      sent.push(await request.json());
      return { ...suggestion, state: 'dismissed' };
    },
  });
  show();
  await userEvent.click(await screen.findByRole('button', { name: 'Do not retrain' }));
  const keep = await screen.findByRole('button', { name: 'Keep the model' });
  expect(keep).toBeDisabled();
  await userEvent.type(screen.getByRole('textbox', { name: /Why is the model/ }), 'New data come Monday');
  await userEvent.click(keep);
  await eventually(() => expect(sent).toEqual([{ reason: 'New data come Monday' }]));
});

test('audits: a number for random ones, a count that is not a rate for hard samples', async () => {
  given();
  show('?tab=audits');
  const table = await screen.findByRole('table', { name: 'Audits' });
  expect(within(table).getByText('30 of 47 wrong; not a rate')).toBeInTheDocument();
  expect(within(table).getByText('31%')).toBeInTheDocument();
  expect(screen.getByText(/Nobody is reminded to audit/)).toBeInTheDocument();
});

test('designing an audit shows its cost and exactness, and asks for exactly that', async () => {
  const sent: Record<string, unknown>[] = [];
  given({
    [`POST ${AT}/audits`]: async (request: Request) => {
      sent.push((await request.json()) as Record<string, unknown>);
      return { ...audit('random', null), class_names: {}, design: null };
    },
  });
  show('?tab=audits&design=yes');
  expect(await screen.findByText('The accuracy will be known to about ±4.2 points.')).toBeInTheDocument();
  expect(screen.getByText('Objects · score 0.20 to 0.54')).toBeInTheDocument();
  expect(screen.getByText('All others')).toBeInTheDocument();
  expect(screen.getByText(/About 30 min/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Draw and ask people' }));
  await eventually(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({
    endpoint: 'categories',
    budget: 200,
    strata_by: 'class_and_score',
    end: null,
  });
});

test('a second audit of a day gets a name of its own; a name that is taken is said at the field', async () => {
  expect(freeName('Audit', ['Audit', 'Audit (2)'])).toBe('Audit (3)');
  expect(freeName('Audit', ['Another'])).toBe('Audit');
  given({
    [`POST ${AT}/audits`]: Response.json(
      { title: 'A queue of that name exists', status: 409, code: 'queue-name-taken' },
      { status: 409 },
    ),
  });
  show('?tab=audits&design=yes');
  await screen.findByText(/known to about/);
  await userEvent.click(screen.getByRole('button', { name: 'Draw and ask people' }));
  expect(await screen.findByRole('textbox', { name: /Name/ })).toHaveAccessibleDescription(
    /has this name already/,
  );
});

test('an overdue schedule says by how much, and how its audits are drawn and judged', async () => {
  const set: unknown[] = [];
  given({
    [`POST ${AT}/audit-schedules`]: async (request: Request) => {
      set.push(await request.json());
      return {};
    },
    [`${AT}/audit-schedules`]: page([
      {
        id: 'c1',
        endpoint: 'categories',
        cadence_days: 14,
        budget: 60,
        strata_by: 'class',
        redundancy: 2,
        kinds: ['expert'],
        owner: { id: 'u1', name: 'Lea Lead' },
        next_due_at: '2026-11-19T00:00:00Z',
        overdue_days: 3.2,
      },
    ]),
  });
  show('?tab=audits');
  expect(await screen.findByText('Late by 3 days')).toBeInTheDocument();
  expect(screen.getByText('Every 14 days 60 predictions; Lea Lead answers for it.')).toBeInTheDocument();
  expect(screen.getByText(/2 people an item · Experts/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Change' }));
  const judges = await screen.findByLabelText(/^People a prediction/);
  await userEvent.clear(judges);
  await userEvent.type(judges, '3');
  await userEvent.click(screen.getByRole('button', { name: 'Save the schedule' }));
  await eventually(() =>
    expect(set).toEqual([
      {
        endpoint: 'categories',
        cadence_days: 14,
        budget: 60,
        strata_by: 'class',
        redundancy: 3,
        kinds: ['expert'],
        owner: null,
      },
    ]),
  );
});

test('hard samples carry their reasons and go to an open labeling queue', async () => {
  const sent: unknown[] = [];
  given({
    [`POST ${AT}/hard-samples/b1/to-queue`]: async (request: Request) => {
      sent.push(await request.json());
      return { tasks: 2 };
    },
  });
  show('?tab=hard-samples');
  const list = await screen.findByRole('list', { name: 'Hard samples' });
  expect(within(list).getAllByRole('link')).toHaveLength(2);
  expect(within(list).getByText('Unlike the training data')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('radio', { name: /Not sure/ }));
  expect(within(screen.getByRole('list', { name: 'Hard samples' })).getAllByRole('link')).toHaveLength(1);
  await userEvent.click(await screen.findByRole('button', { name: 'Send to the queue' }));
  await eventually(() => expect(sent).toEqual([{ queue: 'q1' }]));
});

test('in Korean the note on a search for hard samples is the page’s own', async () => {
  const summary = {
    ...batch.summary,
    population: 300,
    sent_before: 0,
    note: '4 pictures have no vector yet.',
    without_vector: 4,
  };
  given({ [`${AT}/hard-samples`]: page([{ ...batch, summary }]) });
  await i18n.changeLanguage('ko');
  show('?tab=hard-samples');
  expect(await screen.findByText(/사진 4장은 아직 벡터가 없어.*300장 가운데 149장에서/)).toBeInTheDocument();
  expect(screen.queryByText(/have no vector yet/)).not.toBeInTheDocument();
  await i18n.changeLanguage('en');
});

test('a researcher reads and starts nothing', async () => {
  given();
  show('?tab=hard-samples', {
    session: { ...leadSession, memberships: [{ ...leadSession.memberships[0], role: 'researcher' }] },
  });
  expect(await screen.findByRole('list', { name: 'Hard samples' })).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Find hard samples' })).not.toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /Send to/ })).not.toBeInTheDocument();
});

test('empty tabs teach; nothing in production says how something gets there', async () => {
  given({ [`${AT}/hard-samples`]: page([]) });
  const first = show('?tab=drift');
  expect(await screen.findByText('Nothing has been compared yet')).toBeInTheDocument();
  first.unmount();
  const second = show('?tab=log');
  expect(await screen.findByText('The endpoint has not answered anything yet')).toBeInTheDocument();
  second.unmount();
  given({ [`${AT}/production/endpoints`]: [] });
  show();
  expect(await screen.findByText('Nothing is in production yet')).toBeInTheDocument();
});

test('a failure can be tried again', async () => {
  given({
    [`${AT}/production/endpoints`]: Response.json({ title: 'Down', status: 500, code: 'x' }, { status: 500 }),
  });
  show();
  expect(await screen.findByRole('button', { name: 'Try again' })).toBeInTheDocument();
});

test('days without traffic are shown as nought, models of one day are added up', () => {
  const row = (day: string, count: number) => ({ ...told.traffic[0], day, count }) as never;
  const days = everyDay(
    [row('2026-11-20', 3), row('2026-11-22', 4), row('2026-11-22', 5)],
    '2026-11-22T12:00:00Z',
    3,
  );
  expect(days.map((one) => [one.day, one.count])).toEqual([
    ['2026-11-20', 3],
    ['2026-11-21', 0],
    ['2026-11-22', 9],
  ]);
});

test('a day ends with its last moment, and today ends now', () => {
  const now = new Date(2026, 10, 22, 15, 30).getTime();
  expect(daysAgo(22, now)).toBe('2026-10-31');
  expect(new Date(dayEnd('2026-11-20', now)).getTime()).toBe(new Date(2026, 10, 21).getTime());
  expect(new Date(dayEnd('2026-11-22', now)).getTime()).toBe(now);
});
