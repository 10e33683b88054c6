import { cleanup, configure, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { i18n } from '@/app/i18n';
import { leadSession, renderPage, serve } from '@/test/render';
import { questions, report, result } from './insights.fixtures';
import { UnderstandPage } from './UnderstandPage';

const AT = '/api/v1/projects/emoji';
const job = {
  id: 'j1',
  kind: 'datasets.understand',
  state: 'running',
  done: 1,
  total: 6,
  message: 'Reading',
  eta_seconds: null,
  result: null,
  error: null,
};

const show = (routes: Record<string, unknown> = {}, session = leadSession, search = '') => {
  vi.stubGlobal(
    'fetch',
    serve({
      [`GET ${AT}/understand`]: { report, running: null },
      [`${AT}/schemas`]: { results: [{ id: 's0', family: 'animals' }], next: null },
      [`${AT}/questions`]: questions,
      [`${AT}/sources`]: { results: [], next: null },
      [`${AT}/jobs/j1`]: job,
      ...routes,
    }),
  );
  renderPage(<UnderstandPage />, { at: `/p/emoji/data/understand${search}`, session });
};

// Lazy parts and role queries over large tables take their time on a busy machine.
configure({ asyncUtilTimeout: 8000 });
vi.setConfig({ testTimeout: 30_000 });

afterEach(async () => {
  vi.unstubAllGlobals();
  await i18n.changeLanguage('en');
});

test('every section has its verdict and its figure', async () => {
  show();
  const verdicts = within(await screen.findByRole('list', { name: 'All verdicts' }));
  expect(verdicts.getByText(/1 likely target leak: diagnosed\. 1 shortcut/)).toBeVisible();
  expect(verdicts.getAllByRole('listitem')).toHaveLength(8);
  expect(screen.getByText('200 items, 190 labelled', { exact: false })).toBeVisible();
  const balance = screen.getByRole('figure', { name: 'Share of each class' });
  expect(within(balance).getByText('Ill')).toBeVisible();
  expect(screen.getByRole('figure', { name: 'age' })).toHaveTextContent('7 without a value');
  expect(screen.getByRole('figure', { name: 'age: middle half and fences' })).toBeVisible();
  expect(screen.getByText('1 of 3 values beyond 1.5 interquartile ranges')).toBeVisible();
  expect(screen.getByRole('table', { name: 'Missing values' })).toHaveTextContent('blood');
  expect(screen.getByText('1 came more than once')).toBeVisible();
  expect(
    screen.getByText('1 group of near duplicates, at most 4 of 64 bits apart', { exact: false }),
  ).toBeVisible();
  expect(await screen.findByRole('figure', { name: 'Where items were taken' })).toBeVisible();
});

test('in Korean no reason of the statistics is left in English', async () => {
  const reason = 'There are fewer than two classes with at least 10 independent rows each.';
  const calm = { ...report, result: { ...result, leaks: { ...result.leaks, reason } } };
  await i18n.changeLanguage('ko');
  show({ [`GET ${AT}/understand`]: { report: calm, running: null } });
  expect(
    (await screen.findAllByText(/독립적인 행이 10개 이상인 클래스가 둘보다 적음/)).length,
  ).toBeGreaterThan(0);
  expect(document.body).not.toHaveTextContent(/fewer than|values are equal|no scale/i);
});

test('leaks have their p, and what is not known at prediction time is named', async () => {
  show();
  const table = await screen.findByRole('table', { name: 'Target leaks' });
  const row = within(table).getByRole('row', { name: /diagnosed/ });
  expect(row).toHaveTextContent('0.001');
  expect(row).toHaveTextContent('Not known when the model must predict: leave it out.');
  expect(within(table).queryByRole('row', { name: /room/ })).toBeNull();
  expect(
    screen.getByText('Not known at prediction time: diagnosed, room. A model must do without.'),
  ).toBeVisible();
  expect(screen.getByText(/Nobody has said so about blood\./)).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Show all 5 attributes' }));
  expect(within(table).getByRole('row', { name: /room/ })).toHaveTextContent('0.7');
});

test('only columns that could be tested are said to have been', async () => {
  const findings = result.leaks.findings.filter((one) => one.judgement.startsWith('no'));
  const calm = { ...report, result: { ...result, leaks: { ...result.leaks, findings } } };
  show({ [`GET ${AT}/understand`]: { report: calm, running: null } });
  expect(
    (await screen.findAllByText('None of 2 attributes, scored alone, gives the label away.'))[0],
  ).toBeVisible();
});

test('before the first report the page says what it will tell, and starts it', async () => {
  let asked: unknown = null;
  show({
    [`GET ${AT}/understand`]: { report: null, running: null },
    [`POST ${AT}/understand`]: async (request: Request) => {
      asked = await request.json();
      return { ...report, result: null, job };
    },
  });
  expect(await screen.findByText('Nobody has looked yet')).toBeVisible();
  await userEvent.click(screen.getAllByRole('button', { name: 'Look at the data' })[0] as HTMLElement);
  expect(await screen.findByRole('progressbar')).toBeVisible();
  expect(asked).toEqual({ schema: 's1', question: 'ill', label_depth: null, sources: [] });
});

test('a failure is shown and can be tried again', async () => {
  let broken = true;
  show({
    [`GET ${AT}/understand`]: () =>
      broken
        ? Response.json({ title: 'No', status: 500, code: 'x' }, { status: 500 })
        : { report, running: null },
  });
  const again = await screen.findByRole('button', { name: 'Try again' });
  broken = false;
  await userEvent.click(again);
  expect(await screen.findByRole('list', { name: 'All verdicts' })).toBeVisible();
});

test('the report is asked for the classes with the most labels, or for those in the address', async () => {
  const sent: unknown[] = [];
  const compute = async (request: Request) => {
    sent.push(await request.json());
    return Response.json({ ...report, job }, { status: 202 });
  };
  show({ [`POST ${AT}/understand`]: compute });
  // An older version of the schema made the report; its question is still called by name.
  expect(await screen.findByText(/Labels for “Is it ill\?” \(Animals\)/)).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Look again' }));
  await vi.waitFor(() => expect(sent).toHaveLength(1), 8000);
  expect(sent[0]).toMatchObject({ schema: 's1', question: 'ill' });
  cleanup();
  show({ [`POST ${AT}/understand`]: compute }, leadSession, '?schema=animals&question=tame');
  const again = await screen.findByRole('button', { name: 'Look again' });
  await vi.waitFor(() => expect(again).toBeEnabled(), 8000);
  await userEvent.click(again);
  await vi.waitFor(() => expect(sent).toHaveLength(2), 8000);
  expect(sent[1]).toMatchObject({ schema: 's1', question: 'tame' });
});
