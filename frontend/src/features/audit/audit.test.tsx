import { screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { i18n } from '@/app/i18n';
import { renderPage, serve } from '@/test/render';
import { AuditPage } from './AuditPage';
import { confusionMatrix } from './queries';

const estimate = (
  value: number | null,
  low: number | null,
  high: number | null,
  reason: string | null = null,
) => ({
  value,
  low,
  high,
  level: 0.95,
  n: 60,
  method: 'stratified',
  reason,
});

const AUDIT = {
  id: 'a1',
  name: 'Weeks 3 and 4',
  kind: 'random',
  state: 'running',
  endpoint: 'emoji',
  model: { id: 'm1', name: 'emoji v1' },
  window_from: '2026-11-08T00:00:00Z',
  window_to: '2026-11-22T00:00:00Z',
  population_size: 700,
  queue: { id: 'q1', name: 'Weeks 3 and 4', state: 'open' },
  asked: 60,
  judged: 50,
  result_at: null,
  completed_at: null,
  class_names: { flags: 'Flags', food: 'Food & Drink' },
  result: {
    kind: 'random',
    sentence: 'Of 700 predictions, about 280 are wrong.',
    asked: 60,
    judged: 50,
    undecidable: 2,
    wrong: 20,
    missing: 10,
    accuracy: estimate(0.6, 0.5, 0.7),
    assumption: '10 drawn items have no answer.',
    worst_case: [0.5, 0.72],
    classes: ['flags', 'food'],
    by_class: [
      {
        key: 'flags',
        precision: estimate(0.8, 0.6, 0.9),
        recall: estimate(null, null, null, 'no audited item turned out to be of this class'),
        prevalence: estimate(0.2, 0.1, 0.3),
        audited_predicted: 10,
        audited_true: 0,
      },
    ],
    confusion: [{ truth: 'food', predicted: 'flags', audited: 3, items: estimate(40, 20, 70) }],
    strata: [
      {
        name: 'flags · score 0.10 to 0.50',
        population: 300,
        asked: 30,
        answered: 25,
        accuracy: estimate(0.5, 0.3, 0.7),
      },
    ],
  },
};
const ERROR = {
  request_id: 'r1',
  sha256: 'ab',
  thumbnail_url: '/t.webp',
  image_url: '/i.png',
  predicted: 'flags',
  truth: 'food',
  score: 0.91,
  stratum: 'flags',
  inclusion_probability: 0.1,
};
const PATH = '/api/v1/projects/emoji/audits/a1';

function show(audit: unknown, errors: unknown = [ERROR]) {
  vi.stubGlobal('fetch', serve({ [PATH]: audit, [`${PATH}/errors`]: errors }));
  renderPage(<AuditPage />, {
    at: '/p/emoji/production/audits/a1',
    route: '/p/$project/production/audits/$id',
  });
}

afterEach(() => vi.unstubAllGlobals());

test('the sentence, the worst case, and a reason where a number is missing', async () => {
  show(AUDIT);
  expect(await screen.findByText('Of 700 predictions, about 280 are wrong.')).toBeVisible();
  expect(screen.getByText(/If all missing answers were errors it would be 50%/)).toBeVisible();
  expect(screen.getByText(/no audited item turned out to be of this class/)).toBeVisible();
  expect(screen.getByText('Flags · score 0.10 to 0.50')).toBeVisible();
  expect(screen.getByRole('link', { name: /Judge 8 items/ })).toHaveAttribute('href', '/p/emoji/label/q1');
});

test('in Korean the number, its assumption, strata and reasons are said in Korean', async () => {
  const params = { population: 7000, wrong: 2800, least: 2100, most: 3500, n: 50 };
  const result = {
    ...AUDIT.result,
    said: [{ code: 'audit.result', params: { ...params, value: 0.6, low: 0.5, high: 0.7 } }],
    assumption_said: [{ code: 'audit.missing', params: { n: 10 } }],
  };
  await i18n.changeLanguage('ko');
  show({ ...AUDIT, result });
  const told =
    /예측 7,000건 가운데 약 2,800건이 틀렸습니다\(95% 구간 2,100~3,500\)\. 운영 정확도는 60%\(50%~70%\)/;
  expect(await screen.findByText(told)).toBeVisible();
  expect(screen.getByText(/뽑힌 항목 10개에 답이 없습니다/)).toBeVisible();
  expect(screen.getByText('Flags · 점수 0.10~0.50')).toBeVisible();
  expect(screen.getByText(/실제로 이 클래스인 것이 없음/)).toBeVisible();
  expect(document.body).not.toHaveTextContent(/predictions, about|drawn items|turned out|score 0/);
  await i18n.changeLanguage('en');
});

test('hard samples are never shown as a rate', async () => {
  const { accuracy, by_class, confusion, strata, classes, ...counts } = AUDIT.result;
  show({ ...AUDIT, kind: 'targeted', result: { ...counts, kind: 'targeted' } });
  expect(await screen.findByText(/says nothing about production/)).toBeVisible();
  expect(screen.queryByText('Class by class')).toBeNull();
});

test('an audit without answers shows no errors yet', async () => {
  show({ ...AUDIT, judged: 0, result: null });
  expect(await screen.findByText('0 / 60')).toBeVisible();
  expect(screen.queryByText('What it got wrong')).toBeNull();
});

test('an audit that is not there says so', async () => {
  vi.stubGlobal('fetch', serve({}));
  renderPage(<AuditPage />, {
    at: '/p/emoji/production/audits/a1',
    route: '/p/$project/production/audits/$id',
  });
  expect(await screen.findByRole('alert')).toBeVisible();
});

test('rows of the matrix are the truth, columns the prediction', () => {
  expect(confusionMatrix(['flags', 'food'], AUDIT.result.confusion)).toEqual([
    [0, 0],
    [40, 0],
  ]);
});
