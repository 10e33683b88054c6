import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { i18n } from '@/app/i18n';
import { eventually } from '@/test/eventually';
import { leadSession } from '@/test/render';
import { everyDay } from './components/TrafficByDay';
import { dayEnd, daysAgo } from './days';
import { AT, batch, given, page, show, suggestion, told } from './testProduction';

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

test('in Korean the verdict and the reasons of suggestions, open and decided, are said by their codes', async () => {
  const params = { before: 0.9, earlier: [{ code: 'fell.release.test', params: {} }], after: 0.65 };
  const later = [{ code: 'fell.audit', params: { name: '5월' } }];
  const said = [{ code: 'fell.fell', params: { ...params, later, p: 0.0002, smallest: 0.02 } }];
  const evidence = { ...suggestion.evidence, said };
  const english = told.verdict.sentence;
  const verdict = {
    light: 'empty',
    code: 'new',
    sentence: english,
    said: [{ code: 'verdict.unaudited', params: {} }],
  };
  const suggestions = [
    { ...suggestion, evidence },
    { ...suggestion, id: 's2', evidence, state: 'accepted', decided_at: '2026-11-22T00:00:00Z' },
  ];
  given({ [`${AT}/production`]: { ...told, verdict, suggestions } });
  await i18n.changeLanguage('ko');
  show();
  expect(await screen.findByText(/운영을 확인한 사람이 아직 없습니다/)).toBeInTheDocument();
  const why = /0\.900\(출시 때의 시험 분할\)에서 0\.650\(감사 “5월”\)로 떨어졌습니다\(p = 0\.0002\)/;
  expect(screen.getAllByText(why)).toHaveLength(2);
  for (const left of [english, suggestion.evidence.sentence])
    expect(screen.queryByText(new RegExp(left))).not.toBeInTheDocument();
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
