import { configure, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { eventually } from '@/test/eventually';
import { leadSession, renderPage, serve } from '@/test/render';
import type { Represent, SamplingBias } from './queries';
import { RepresentPage } from './RepresentPage';

const AT = '/api/v1/projects/emoji';
const estimate = (value: number, low: number, high: number) => ({
  value,
  low,
  high,
  level: 0.95,
  n: 200,
  method: 'wilson',
  reason: null,
});
const attribute = (name: string, effect: number, q: number, flagged: boolean) => ({
  name,
  kind: 'number',
  test: {
    name: 'Kolmogorov-Smirnov',
    statistic: effect,
    p_value: q / 2,
    effect,
    effect_name: 'D',
    n_reference: 345,
    n_current: 360,
    reason: null,
  },
  q_value: q,
  limit: 0.1,
  psi: 0.4,
  jensen_shannon: 0.1,
  flagged,
  sentence: '',
  histogram: null,
});
const shell = { subject: {}, job: null, created_at: '2026-11-22T00:00:00Z', finished_at: null, pictures: {} };
const compared = (current: string) =>
  ({
    ...shell,
    id: 'r1',
    kind: 'represent',
    result: {
      look: 'different',
      verdict: '',
      reference_name: 'emoji@v1',
      current_name: current,
      n_reference: 345,
      n_current: 360,
      n_reference_items: 345,
      n_current_items: 360,
      n_tests: 3,
      attributes: [attribute('brightness', 0.62, 0.0001, true), attribute('contrast', 0.04, 0.7, false)],
      auc: estimate(0.97, 0.95, 0.98),
      classifier_q: 0.0001,
      classifier_flagged: true,
      classifier_reason: null,
      most_different: [],
      collect: [{ name: 'style', value: 'twemoji', reference_share: 0, current_share: 1 }],
    },
  }) as unknown as Represent;
const cell = (name: string, share: number, target: number, representation: string) => ({
  name,
  sample: Math.round(share * 200),
  sample_share: estimate(share, share - 0.06, share + 0.06),
  population_share: target,
  ratio: estimate(share / target, 0.5, 2),
  p_value: 0.0001,
  q_value: 0.0002,
  representation,
});
const biased = {
  ...shell,
  id: 'b1',
  kind: 'sampling_bias',
  result: {
    selection_name: 'emoji@v1',
    population: 'voters',
    n_items: 200,
    attributes: [
      {
        attribute: 'telephone',
        bias: {
          biased: true,
          distance: 0.35,
          distance_by_chance: 0.03,
          p_value: 0.0001,
          n: 200,
          n_outside: 0,
          cells: [cell('yes', 0.75, 0.4, 'over'), cell('no', 0.25, 0.6, 'under')],
          reason: null,
        },
        post_stratification: {
          cells: [
            { name: 'yes', weight: 0.533 },
            { name: 'no', weight: 2.4 },
          ],
          uncovered_share: 0,
          n_outside: 0,
          size: { n: 200, effective: 121.4, reason: null },
          reason: null,
        },
      },
    ],
    raking: {
      converged: true,
      iterations: 2,
      largest_gap: 0,
      uncovered: [],
      n_outside: 0,
      size: { n: 200, effective: 121.4, reason: null },
      reason: null,
    },
    label_shares: [
      {
        key: 'dewey',
        names: { en: 'Dewey' },
        unweighted: estimate(0.6, 0.53, 0.67),
        weighted: estimate(0.45, 0.35, 0.55),
      },
    ],
    verdict: '',
  },
} as unknown as SamplingBias;
const margin = {
  id: 'm1',
  population: 'voters',
  attribute: 'telephone',
  shares: { yes: 0.4, no: 0.6 },
  reference: 'Census',
  created_at: '2026-11-22T00:00:00Z',
};
const page = (results: unknown[]) => ({ results, next: null });

const show = (search = '', routes: Record<string, unknown> = {}, session = leadSession) => {
  vi.stubGlobal(
    'fetch',
    serve({
      [`GET ${AT}/represent`]: { report: compared('production'), running: null },
      [`GET ${AT}/sampling-bias`]: { report: biased, running: null },
      [`${AT}/populations`]: [margin],
      [`${AT}/versions`]: page([{ ref: 'emoji@v1' }]),
      [`${AT}/sources`]: page([{ name: 'Production', population: 'production', n_items: 360 }]),
      [`${AT}/schemas`]: page([]),
      [`${AT}/attributes`]: [{ name: 'telephone', type: 'category' }],
      [`${AT}/items/facets`]: {
        total: 200,
        facets: [
          {
            name: 'telephone',
            kind: 'attribute',
            values: [
              { value: 'yes', count: 150 },
              { value: 'no', count: 50 },
            ],
          },
        ],
      },
      ...routes,
    }),
  );
  renderPage(<RepresentPage />, { at: `/p/emoji/data/represent${search}`, session });
};

configure({ asyncUtilTimeout: 8000 });
vi.setConfig({ testTimeout: 30_000 });
afterEach(() => vi.unstubAllGlobals());

test('the verdict, the attributes by effect with q and PSI, and what to collect', async () => {
  show();
  const table = await screen.findByRole('table', { name: /ttributes/ });
  const [, first, second] = within(table).getAllByRole('row');
  expect(first).toHaveTextContent(/[Bb]rightness.*0\.62.*D.*0\.4/);
  expect(second).toHaveTextContent(/[Cc]ontrast.*0\.04/);
  expect(document.body).toHaveTextContent(/0\.97/);
  expect(screen.getByText(/twemoji/)).toBeInTheDocument();
});

test('an address with an id shows that report and not the latest', async () => {
  show('?id=r7', {
    [`GET ${AT}/represent`]: (request: Request) => ({
      report: compared(new URL(request.url).searchParams.get('id') === 'r7' ? 'the first week' : 'last week'),
      running: null,
    }),
  });
  expect((await screen.findAllByText(/the first week/))[0]).toBeInTheDocument();
  expect(screen.queryByText(/last week/)).not.toBeInTheDocument();
});

test('a comparison is asked for with both sides', async () => {
  const sent: unknown[] = [];
  show('?id=r7', {
    [`POST ${AT}/represent`]: async (request: Request) => {
      sent.push(await request.json());
      return { ...compared('production'), result: null };
    },
  });
  const start = await screen.findByRole('button', { name: 'Compare' });
  await eventually(() => expect(start).toBeEnabled());
  await userEvent.click(start);
  await eventually(() =>
    expect(sent).toEqual([
      { reference: { version: 'emoji@v1', split: '' }, current: { population: 'production' } },
    ]),
  );
});

test('sampling bias: shares against declared ones, weights, and what they cost', async () => {
  show('?view=bias');
  const table = await screen.findByRole('table', { name: /[Tt]elephone/ });
  expect(within(table).getByRole('row', { name: /^no/ })).toHaveTextContent(/60%.*2\.4/);
  expect(screen.getAllByText(/121/)[0]).toBeInTheDocument();
  const labels = screen.getByRole('row', { name: /Dewey/ });
  expect(labels).toHaveTextContent('60%');
  expect(labels).toHaveTextContent('45%');
});

test('shares are declared with the values that the items have', async () => {
  const sent: unknown[] = [];
  show('?view=bias', {
    [`GET ${AT}/populations`]: [],
    [`PUT ${AT}/populations`]: async (request: Request) => {
      sent.push(await request.json());
      return [margin];
    },
    [`GET ${AT}/sampling-bias`]: { report: null, running: null },
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Declare shares' }));
  await userEvent.type(screen.getByRole('combobox', { name: /Population/ }), 'voters');
  await userEvent.type(screen.getByRole('combobox', { name: /Attribute/ }), 'telephone');
  await userEvent.type(await screen.findByRole('textbox', { name: 'Share of yes' }), '40');
  await userEvent.type(screen.getByRole('textbox', { name: 'Share of no' }), '60');
  expect(screen.getByText('Sum 100%')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Declare' }));
  await eventually(() =>
    expect(sent).toEqual([
      { population: 'voters', attribute: 'telephone', reference: '', shares: { yes: 40, no: 60 } },
    ]),
  );
  expect(await screen.findByRole('row', { name: /voters/ })).toHaveTextContent('yes 40% · no 60%');
});

test('who may not declare reads only', async () => {
  const reader = {
    ...leadSession,
    memberships: [{ project: { id: 'p1', slug: 'emoji', name: 'Emoji' }, role: 'researcher' as const }],
  };
  show('?view=bias', { [`GET ${AT}/sampling-bias`]: { report: null, running: null } }, reader);
  expect(await screen.findByRole('row', { name: /voters/ })).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Declare shares' })).not.toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /Remove the shares/ })).not.toBeInTheDocument();
});

test('an error can be tried again', async () => {
  show('', {
    [`GET ${AT}/represent`]: Response.json({ title: 'Down', status: 500, code: 'oops' }, { status: 500 }),
  });
  expect(await screen.findByRole('button', { name: 'Try again' })).toBeInTheDocument();
});
