import { ModalsProvider } from '@mantine/modals';
import { vi } from 'vitest';
import { renderPage, serve } from '@/test/render';
import { ProductionPage } from './ProductionPage';

export const AT = '/api/v1/projects/emoji';
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
export const suggestion = {
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
export const told = {
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
export const audit = (kind: 'random' | 'targeted', result: object | null) => ({
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
export const batch = {
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
export const page = (results: readonly object[]) => ({ results, next: null });
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
export const given = (routes: Record<string, unknown> = {}) =>
  vi.stubGlobal('fetch', serve({ ...answers, ...routes }));
export const show = (search = '', options: object = {}) =>
  renderPage(
    <ModalsProvider>
      <ProductionPage />
    </ModalsProvider>,
    { at: `/p/emoji/production${search}`, ...PAGE, ...options },
  );
