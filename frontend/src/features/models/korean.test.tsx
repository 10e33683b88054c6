import { screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { i18n } from '@/app/i18n';
import type { Said } from '@/shared/ui/said';
import { serve } from '@/test/render';
import { ModelPage } from './ModelPage';
import { RunPage } from './RunPage';
import { baseline, curves, detail, expectations, model, thresholds } from './testData';
import { lists, modelRoutes, P, show } from './testRoutes';

/** What the server says in English on these pages; none of it may be left on a Korean one. */
const ENGLISH = 'A sentence of the server.';
const one = (code: string, params: Record<string, unknown> = {}): Said => [{ code, params }];
const beats = one('compare.beats', {
  numbers: one('compare.numbers', {
    metric: one('metric.accuracy'),
    model: 0.81,
    baseline: 0.4,
    gain: 0.41,
    level: 0.95,
    low: 0.3,
    high: 0.5,
  }),
});
const BEATS =
  '모델이 기준선을 넘습니다: 정확도 0.810, 기준선 0.400, 나아진 정도 +0.410(95% 구간 +0.300~+0.500).';
const people = one('people.right', { value: 0.93, n: 1200, against: one('people.gold') });
const ceiling = { ...model.human_ceiling, sentence: ENGLISH, said: people };
const comparison = { verdict: 'beats', sentence: ENGLISH, said: beats, metric: 'accuracy' };
const measured = one('export.agrees', { format: 'onnx', value: 0.995, n: 200, largest: 0.00012 });
const meaning = {
  ...expectations,
  sentence: ENGLISH,
  said: one('expect.concern', {
    concern: '사기',
    others: one('expect.otherCases'),
    miss_rate: one('expect.shareRange', { value: 0.05, low: 0.031, high: 0.08 }),
    flag_rate: one('expect.share', { value: 0.025 }),
    flagged: one('expect.countRange', { value: 1200.4, low: 1100, high: 1300 }),
    missed: one('expect.count', { value: 14 }),
    caught: one('expect.count', { value: 266 }),
  }),
  notes: [`${ENGLISH} More.`],
  notes_said: [one('expect.perThousand')],
};
const korean = {
  ...model,
  baseline: comparison,
  human_ceiling: ceiling,
  evaluations: model.evaluations.map((found) => ({
    ...found,
    warning: ENGLISH,
    comparison: { warn: true, sentence: ENGLISH, said: one('gap.muchWorse', { numbers: '5' }) },
  })),
  gate: {
    ...model.gate,
    results: [
      { check: 'runs', verdict: 'passed', sentence: ENGLISH, said: one('gate.answers', { n: 40 }), data: {} },
      {
        check: 'fast_enough',
        verdict: 'failed',
        sentence: ENGLISH,
        said: one('gate.limit', { middle: 812.34, p95: 900, limit: 200 }),
        data: {},
      },
    ],
  },
  where_to_run: {
    ...model.where_to_run,
    sentence: `${ENGLISH} It decides.`,
    said: [...one('where.device'), ...one('where.neverConnected')],
    reasons: ['It decides.', ENGLISH.replace('A', 'Another')],
    reasons_said: [
      one('where.neverConnected'),
      one('where.fits', { format: 'onnx', size: 1.5, allowed: 50 }),
    ],
  },
};
const files = {
  results: model.exports.map((file) => ({
    ...file,
    note: ENGLISH,
    measurement: { ...file.measurement, said: measured },
  })),
  next: null,
  missing: [],
  blocked: '',
  signature: null,
  serving_card: {},
};

beforeEach(() => i18n.changeLanguage('ko'));
afterEach(async () => {
  vi.unstubAllGlobals();
  await i18n.changeLanguage('en');
});

function page(tab: string) {
  const told = {
    ...thresholds,
    notes: [ENGLISH],
    notes_said: [one('threshold.noCosts')],
    at_best: meaning,
    at_chosen: meaning,
  };
  const routes = {
    ...modelRoutes,
    [`${P}/models/m1`]: korean,
    [`${P}/models/m1/expectations`]: meaning,
    [`${P}/models/m1/thresholds`]: told,
    [`${P}/models/m1/exports`]: files,
  };
  vi.stubGlobal('fetch', serve(routes));
  show(<ModelPage />, `/p/emoji/models/m1?tab=${tab}`, '/p/$project/models/$id');
}
const nothingEnglish = () => expect(document.body).not.toHaveTextContent(/sentence of the server|It decides/);

test('what a model means is told in Korean, with Korean numbers', async () => {
  page('meaning');
  const told =
    /사기의 5%\(3\.1%~8%\)를 놓치고 그 밖의 사례의 2\.5%를 표시합니다\. 하루에 그 밖의 사례 약 1,200\(1,100~1,300\)건/;
  expect((await screen.findAllByText(told)).length).toBeGreaterThan(0);
  expect(screen.getAllByText(/1,000건에 대한 수입니다/).length).toBeGreaterThan(0);
  expect(await screen.findByText(/비용이 과제 정의에 없어/)).toBeInTheDocument();
  nothingEnglish();
});

test('the gate answers in Korean', async () => {
  page('release');
  expect(
    await screen.findByText('극단적인 사진 8장을 포함해 사진 40장에 확률로 답합니다.'),
  ).toBeInTheDocument();
  expect(
    screen.getByText(/중앙값 812\.3 ms, 100번 중 95번은 900\.0 ms 안에.*200 ms까지/),
  ).toBeInTheDocument();
  nothingEnglish();
});

test('quality: the baseline, the test split and people in Korean', async () => {
  page('quality');
  expect(await screen.findByText(BEATS)).toBeInTheDocument();
  expect(screen.getByText(/시험 분할에서 훨씬 나쁩니다/)).toBeInTheDocument();
  expect(
    screen.getByText('사람은 답변 1,200개 중 93%가 맞습니다. 기준: 답을 아는 항목.'),
  ).toBeInTheDocument();
  nothingEnglish();
});

test('where to run it, why, and what the files cost, in Korean', async () => {
  page('exports');
  expect(
    await screen.findByText('기기에서 실행하세요. 연결이 전혀 없는 곳에서 일합니다.'),
  ).toBeInTheDocument();
  expect(
    screen.getByText(/1\.50 MB인 onnx 파일은 과제 정의가 허용하는 50 MB에 들어갑니다/),
  ).toBeInTheDocument();
  expect(await screen.findByText(/사진 200장의 99\.5%에서 원본과 같은 결정을/)).toBeInTheDocument();
  nothingEnglish();
});

test('a run: overfitting, the baseline, people, head and protocol in Korean', async () => {
  const run = {
    ...detail,
    comparison: { ...detail.comparison, ...comparison },
    human_ceiling: ceiling,
    head_reason: ENGLISH,
    protocol_reason: ENGLISH,
    protocol: { kind: 'k_fold', folds: 5, repeats: 2, stratified: true, grouped: true },
  };
  const fitting = {
    ...curves.overfitting,
    sentence: ENGLISH,
    said: one('overfitting.starts', { start: 3, best: 2, lowest: 0.5 }),
  };
  vi.stubGlobal(
    'fetch',
    serve({
      ...lists,
      [`${P}/runs/r2`]: run,
      [`${P}/runs/r1`]: { ...detail, ...baseline },
      [`${P}/runs/r2/curves`]: { ...curves, overfitting: fitting },
    }),
  );
  show(<RunPage />, '/p/emoji/models/runs/r2', '/p/$project/models/runs/$id');
  expect(await screen.findByText(BEATS)).toBeInTheDocument();
  expect(await screen.findByText(/에포크 3부터 과적합입니다.*\(0\.500\)/)).toBeInTheDocument();
  expect(screen.getByText(/클래스 2개 가운데 하나만 맞으므로/)).toBeInTheDocument();
  expect(screen.getByText(/5겹 교차 검증.*같은 그룹은 나누지 않았습니다.*2번 새로/)).toBeInTheDocument();
  nothingEnglish();
});

test('a result from before there were codes, or with one that is unknown, keeps the server’s sentence', async () => {
  vi.stubGlobal(
    'fetch',
    serve({
      ...modelRoutes,
      [`${P}/models/m1/expectations`]: {
        ...expectations,
        sentence: ENGLISH,
        said: one('expect.ofTheFuture'),
      },
    }),
  );
  show(<ModelPage />, '/p/emoji/models/m1', '/p/$project/models/$id');
  expect((await screen.findAllByText(ENGLISH)).length).toBeGreaterThan(0);
});
