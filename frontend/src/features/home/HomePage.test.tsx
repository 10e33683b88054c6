import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Role } from '@/api/session';
import { i18n } from '@/app/i18n';
import { eventually } from '@/test/eventually';
import { leadSession, renderPage, serve } from '@/test/render';
import { HomePage } from './HomePage';
import { type Batch, sentBack } from './queries';

const AT = '/api/v1/projects/emoji';
const as = (role: Role) => ({
  ...leadSession,
  memberships: [{ project: { id: 'p1', slug: 'emoji', name: 'Emoji' }, role }],
});
const accuracy = {
  value: 0.31,
  low: 0.23,
  high: 0.4,
  level: 0.95,
  n: 60,
  method: 'stratified',
  reason: null,
};
const station = (key: string, light = 'good', extra: object = {}) => ({
  key,
  light,
  figure: '12',
  unit: 'items',
  sentence: `About ${key}.`,
  link: key,
  flow: null,
  estimate: null,
  ...extra,
});
const stations = [
  station('define', 'good', { figure: 'r1', unit: 'brief', link: 'brief' }),
  station('data', 'good', { flow: 1132 }),
  station('labels', 'warning', { flow: 456, unit: 'labels' }),
  station('version', 'good', { figure: 'emoji@v1', unit: 'version', flow: 0 }),
  station('model', 'warning', { figure: 'cnn v1', unit: 'model' }),
  station('production', 'bad', { sentence: 'The accuracy fell.', unit: 'predictions', flow: 135 }),
  station('audit', 'good', { figure: '31.0%', unit: 'accuracy', estimate: accuracy }),
  station('hard_samples', 'good', { unit: 'hard_samples', flow: 94, link: 'production' }),
];
const steps = [
  { code: 'look-at-fall', urgency: 95, reason: 'It fell.', link: 'production', data: { endpoint: 'e' } },
  { code: 'settle-disputes', urgency: 65, reason: '25 items are disputed.', link: 'review', data: { n: 25 } },
  { code: 'never-heard-of', urgency: 10, reason: 'A newer server says this.', link: 'data', data: {} },
];
const glance = {
  ref: 'emoji@v1',
  content_hash: 'abc',
  created_at: new Date().toISOString(),
  items: 456,
  classes: 3,
  splits: { train: 345, validation: 65, test: 46 },
};
const version = {
  ...glance,
  summary: {
    items: 456,
    classes: [
      { key: 'a', names: { en: 'Apple', ko: '사과' }, count: 300, splits: {} },
      { key: 'b', names: { en: 'Bear' }, count: 156, splits: {} },
    ],
    imbalance_ratio: 1.92,
  },
  loading: [
    {
      format: 'imagefolder',
      title: 'ImageFolder',
      into: 'tf.data',
      imports: ['import keras'],
      code: 'keras.utils.load("emoji-v1")',
    },
  ],
};
const queue = (id: string, extra: object = {}) => ({
  id,
  project: 'emoji',
  project_name: 'Emoji',
  name: `Queue ${id}`,
  purpose: 'labeling',
  state: 'open',
  remaining: 60,
  n_done: 0,
  n_skipped: 0,
  last_at: null,
  ...extra,
});
const work = (queues: object[], continueWith: string | null = null) => ({
  queues,
  continue_with: continueWith,
  quality: [{ project: 'emoji', project_name: 'Emoji', reliability: { ...accuracy, value: 0.9 } }],
});
const home = (role: Role, extra: object = {}) => ({
  role,
  stations: [],
  next_steps: [],
  versions: [],
  ...extra,
});
const answers = {
  [`${AT}/my-work`]: work([queue('q1')]),
  [`${AT}/hard-samples`]: { results: [], next: null },
  [`${AT}/notifications`]: { results: [], next: null },
  [`${AT}/versions/emoji%40v1`]: version,
};
const given = (routes: Record<string, unknown>) => vi.stubGlobal('fetch', serve({ ...answers, ...routes }));

beforeEach(() => i18n.changeLanguage('en'));

test('a lead sees the loop from Define on, what flowed, and ranked steps', async () => {
  const made = { created_at: new Date().toISOString(), queue: 'q', audit: null, summary: { chosen: 47 } };
  given({
    [`${AT}/home`]: home('lead', { stations, next_steps: steps, versions: [glance] }),
    [`${AT}/hard-samples`]: { results: [made], next: null },
  });
  renderPage(<HomePage />);
  const loop = await screen.findByRole('region', { name: 'The loop' });
  const names = within(loop)
    .getAllByRole('listitem')
    .map((li) => li.querySelector('[class*=head] strong')?.textContent);
  expect(names).toEqual([
    'Define',
    'Data',
    'Labels',
    'Version',
    'Model',
    'Production',
    'Audit',
    'Hard samples',
  ]);
  expect(within(loop).getByText('1,132 pictures came this week')).toBeInTheDocument();
  expect(await within(loop).findByText('47 went back to people this week')).toBeInTheDocument();
  expect(within(loop).getByRole('link', { name: /Hard samples/ })).toHaveAttribute(
    'href',
    '/p/emoji/production?tab=hard-samples',
  );
  expect(screen.getByRole('link', { name: 'Look at it' })).toHaveAttribute('href', '/p/emoji/production');
  expect(screen.getByText('A newer server says this.')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Open' })).toHaveAttribute('href', '/p/emoji/data');
});

test('the doors lead to a queue, to production and to the line of code', async () => {
  given({ [`${AT}/home`]: home('lead', { stations, versions: [glance] }) });
  renderPage(<HomePage />);
  const label = () => screen.getByRole('link', { name: /Label ten pictures/ });
  await eventually(() => expect(label()).toHaveAttribute('href', '/p/emoji/label/q1'));
  expect(screen.getByRole('link', { name: /still right/ })).toHaveAttribute('href', '/p/emoji/production');
  await userEvent.click(screen.getByRole('button', { name: /Load the data in Python/ }));
  expect(
    await screen.findByText(/import keras\s+dataset = keras.utils.load\("emoji-v1"\)/),
  ).toBeInTheDocument();
});

test('in Korean the reasons are the page’s own words', async () => {
  given({ [`${AT}/home`]: home('lead', { stations, next_steps: steps }) });
  await i18n.changeLanguage('ko');
  renderPage(<HomePage />);
  expect(await screen.findByText(/항목 25개에서 의견이 갈렸습니다/)).toBeInTheDocument();
  expect(screen.getByText('A newer server says this.')).toBeInTheDocument();
});

test('in Korean the server’s sentences are said by their codes, with their numbers', async () => {
  const told = {
    code: 'verdict.told',
    params: { value: 0.31, low: 0.23, high: 0.401 },
  };
  const fell = [{ code: 'verdict.fell', params: { told: [told], promised: 0.565 } }];
  const labels = [
    {
      code: 'home.labels.labels',
      params: { labels: 1456, rest: [{ code: 'home.labels.wanted', params: { left: 20 } }] },
    },
  ];
  const english = 'An English sentence.';
  const asked = stations.map((one) => ({
    ...one,
    sentence: english,
    said: one.key === 'production' ? fell : one.key === 'labels' ? labels : [],
  }));
  const next = [
    { code: 'look-at-fall', urgency: 95, reason: english, link: 'production', data: {}, said: fell },
  ];
  given({ [`${AT}/home`]: home('lead', { stations: asked, next_steps: next }) });
  await i18n.changeLanguage('ko');
  renderPage(<HomePage />);
  const why = '운영 정확도는 31%(23%~40.1%)이고 시험에서 약속한 값은 56.5%입니다. 우연이 아닙니다.';
  await eventually(() => expect(screen.getAllByText(why)).toHaveLength(3));
  expect(screen.getByText('확정된 라벨 1,456개. 답변이 20개 더 필요합니다.')).toBeInTheDocument();
  expect(screen.queryByText(english)).not.toBeInTheDocument();
});

test('an annotator goes on where they stopped and sees no loop', async () => {
  given({
    [`${AT}/home`]: home('annotator'),
    [`${AT}/my-work`]: work(
      [queue('q1'), queue('q2', { n_done: 5, last_at: new Date().toISOString() })],
      'q2',
    ),
  });
  renderPage(<HomePage />, { session: as('annotator') });
  const go = await screen.findByRole('link', { name: 'Continue' });
  expect(go).toHaveAttribute('href', '/p/emoji/label/q2');
  expect(screen.getAllByRole('article')[0]).toHaveTextContent('Queue q2');
  expect(screen.getByText('90%')).toBeInTheDocument();
  expect(screen.queryByRole('region', { name: 'The loop' })).not.toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /Python/ })).not.toBeInTheDocument();
});

test('an annotator without queues is told how they come', async () => {
  given({ [`${AT}/home`]: home('annotator'), [`${AT}/my-work`]: work([]) });
  renderPage(<HomePage />, { session: as('annotator') });
  expect(await screen.findByText('Nothing to label now')).toBeInTheDocument();
});

test('a researcher sees the newest version with its balance and how to load it', async () => {
  given({ [`${AT}/home`]: home('researcher', { versions: [glance] }) });
  renderPage(<HomePage />, { session: as('researcher') });
  expect(await screen.findByRole('heading', { name: 'Newest: emoji@v1' })).toBeInTheDocument();
  expect(await screen.findByRole('img', { name: 'Class balance' })).toHaveTextContent('Apple');
  expect(screen.getByText(/import keras\s+dataset = keras.utils.load\("emoji-v1"\)/)).toBeInTheDocument();
  expect(screen.queryByRole('link', { name: /Label ten pictures/ })).not.toBeInTheDocument();
});

test('a researcher without versions is told what belongs here; a failure can be tried again', async () => {
  given({ [`${AT}/home`]: home('researcher') });
  const { unmount } = renderPage(<HomePage />, { session: as('researcher') });
  expect(await screen.findByText('No version is frozen yet')).toBeInTheDocument();
  unmount();
  given({ [`${AT}/home`]: Response.json({ title: 'Down', status: 500, code: 'oops' }, { status: 500 }) });
  renderPage(<HomePage />);
  expect(await screen.findByRole('button', { name: 'Try again' })).toBeInTheDocument();
});

test('only batches of this week that were sent somewhere flow back', () => {
  const now = Date.parse('2026-11-22T00:00:00Z');
  const batch = (created_at: string, queue: string | null, chosen: number) =>
    ({ created_at, queue, audit: null, summary: { chosen } }) as unknown as Batch;
  const all = [
    batch('2026-11-21T00:00:00Z', 'q', 40),
    batch('2026-11-21T00:00:00Z', null, 7),
    batch('2026-11-01T00:00:00Z', 'q', 9),
  ];
  expect(sentBack(all, now)).toBe(40);
});
