import type { Estimate, ModelDetail, Run, RunDetail, Thresholds } from './queries';

/** What the server answers, for the tests of these pages. */

export const estimate = (
  value: number | null,
  low: number | null = null,
  high: number | null = null,
): Estimate => ({
  value,
  low,
  high,
  level: 0.95,
  n: 200,
  method: 'Wilson',
  reason: value === null ? 'too few rows' : null,
});

export const version = {
  id: 'v1',
  ref: 'emoji@v1',
  name: 'emoji',
  question: 'thing',
  schema: 's1',
  items: 1200,
  splits: { train: 800, validation: 200, test: 200 },
  n_classes: 9,
};

const task = {
  kind: 'single_choice' as const,
  metric: 'accuracy',
  classes: [
    { key: 'cat', name: 'Cat' },
    { key: 'dog', name: 'Dog' },
  ],
};

export const network: Run = {
  id: 'r2',
  version: 'emoji@v1',
  question: 'thing',
  target: { level: 0, left_out: [] },
  recipe: 'small_cnn',
  is_baseline: false,
  settings: { epochs: 12 },
  protocol: { kind: 'hold_out', folds: 5, repeats: 1, stratified: true, grouped: true },
  seed: 0,
  task,
  state: 'succeeded',
  job: null,
  score: estimate(0.81, 0.75, 0.86),
  verdict: 'beats',
  created_at: '2026-01-02T10:00:00Z',
  model: null,
};

export const baseline: Run = {
  ...network,
  id: 'r1',
  recipe: 'baseline_majority',
  is_baseline: true,
  settings: {},
  score: estimate(0.4, 0.33, 0.47),
  verdict: null,
};

const scores = {
  accuracy: estimate(0.81, 0.75, 0.86),
  balanced_accuracy: estimate(0.8, 0.73, 0.86),
  macro_f1: estimate(0.79, 0.72, 0.85),
  log_loss: estimate(0.6, 0.5, 0.7),
  brier: estimate(0.3, 0.2, 0.4),
  ece: estimate(0.04, 0.02, 0.08),
  roc_auc: estimate(0.9, 0.86, 0.94),
  pr_auc: estimate(null),
};

const metrics = {
  kind: 'single_choice',
  rows: 200,
  groups: 180,
  scores,
  classes: task.classes.map(({ key }) => ({
    key,
    cases: 100,
    precision: estimate(0.8, 0.7, 0.9),
    recall: estimate(0.8, 0.7, 0.9),
    f1: estimate(0.8, 0.7, 0.9),
    roc_auc: estimate(0.9),
    pr_auc: estimate(0.9),
  })),
  confusion: [
    [80, 20],
    [18, 82],
  ],
  calibration: [
    { low: 0.5, high: 0.6, share: 0.5, confidence: 0.55, right: estimate(0.5, 0.4, 0.6) },
    { low: 0.9, high: 1, share: 0.5, confidence: 0.95, right: estimate(0.9, 0.8, 0.96) },
  ],
};

const ceiling = {
  accuracy: estimate(0.93, 0.9, 0.95),
  against: 'gold' as const,
  n_annotators: 8,
  simulated_share: 1,
  sentence: 'People answer 93% of the gold items rightly.',
};

export const detail: RunDetail = {
  ...network,
  head: { units: 9, activation: 'softmax', loss: 'categorical_crossentropy' },
  head_reason: 'Exactly one of 9 classes is right, so the outputs compete.',
  protocol_reason: 'Fitted on the training split and judged on the validation split.',
  metrics,
  overfitting: null,
  comparison: {
    verdict: 'beats',
    sentence: 'The model beats the baseline by 41 points.',
    metric: 'accuracy',
    baseline_run: 'r1',
  },
  human_ceiling: ceiling,
  looks: { looks: 6, optimism: 0.031, state: 'too_often', sentence: '' },
  rows: { train: 800, validation: 200 },
  left_out: {},
  best_epoch: 7,
  exports: [],
  missing_exports: [],
  code_revision: 'abc123',
  environment: { keras: '3.1', python: '3.11' },
  manifest_sha256: 'f00d',
  rerun_of: null,
};

export const curves = {
  metric: 'accuracy',
  epochs: 3,
  points: [1, 2, 3].map((epoch) => ({
    fold: 0,
    epoch,
    phase: 'fit',
    train_loss: 1 / epoch,
    validation_loss: 0.5 + (epoch - 2) ** 2,
    train_metric: 0.5 + epoch / 10,
    validation_metric: 0.5,
    learning_rate: 0.001,
  })),
  overfitting: {
    state: 'overfitting',
    best_epoch: 2,
    from_epoch: 3,
    sentence: 'Overfitting starts at epoch 3.',
  },
};

const expectations = {
  said: [],
  notes_said: [],
  sentence: 'About 200 valid cases a day go to review, 14 are missed, 266 are caught.',
  kind: 'concern' as const,
  class_of_concern: { key: 'cat', name: 'Cat' },
  threshold: 0.5,
  cases_a_day: 8280,
  positive_share: 0.034,
  miss_rate: estimate(0.05, 0.03, 0.08),
  flag_rate: estimate(0.025, 0.02, 0.03),
  wrongly_flagged: estimate(200, 160, 240),
  missed: estimate(14, 8, 22),
  caught: estimate(266, 258, 272),
  right: null,
  wrong: null,
  notes: [],
  split: 'validation',
  rows: 200,
};

export { expectations };

export const thresholds: Thresholds = {
  thresholds: [0, 0.25, 0.5, 0.75, 1],
  flag_rate: [1, 0.5, 0.1, 0.02, 0],
  miss_rate: [0, 0.01, 0.05, 0.3, 1],
  flagged_share: [1, 0.5, 0.12, 0.05, 0],
  precision: [0.03, 0.1, 0.4, 0.8, null],
  cost_per_case: [1, 0.5, 0.2, 0.6, 2],
  best: 2,
  best_threshold: 0.5,
  positive_share: 0.034,
  false_positive_cost: 1,
  false_negative_cost: 20,
  rows: 200,
  chosen: 0.75,
  notes: [],
  notes_said: [],
  at_best: expectations,
  at_chosen: expectations,
  concern: { key: 'cat', name: 'Cat' },
};

export const model: ModelDetail = {
  id: 'm1',
  name: 'emoji-groups v3',
  line: 'emoji-groups',
  number: 3,
  stage: 'candidate',
  run: 'r2',
  recipe: 'small_cnn',
  version: 'emoji@v1',
  kind: 'single_choice',
  threshold: 0.75,
  class_of_concern: 'cat',
  endpoints: [],
  headline: { split: 'validation', metric: 'accuracy', estimate: estimate(0.81, 0.75, 0.86) },
  verdict: 'beats',
  gate_passed: false,
  registered_by: 'Lea Lead',
  created_at: '2026-01-02T10:00:00Z',
  classes: task.classes,
  metric: 'accuracy',
  protocol: network.protocol,
  head: detail.head,
  head_reason: detail.head_reason ?? '',
  baseline: detail.comparison,
  human_ceiling: ceiling,
  test_split: { looks: [] },
  evaluations: [
    {
      split: 'validation',
      rows: 200,
      metrics,
      warning: '',
      comparison: { warn: false, sentence: '' },
      created_at: '2026-01-02T10:00:00Z',
    },
  ],
  exports: [
    {
      format: 'onnx',
      sha256: 'aa',
      bytes: 1_500_000,
      original_bytes: 2_000_000,
      cpu_ms: 2.4,
      original_cpu_ms: 24,
      agreement: 1,
      accuracy: 0.8,
      original_accuracy: 0.8,
      rows: 200,
      note: '',
      measurement: {
        agreement: estimate(1, 0.98, 1),
        accuracy: estimate(0.8),
        original_accuracy: estimate(0.8),
      },
      download_url: '/media/model.onnx',
      created_at: '2026-01-02T10:00:00Z',
    },
  ],
  gate: {
    id: 1,
    passed: false,
    threshold: null,
    results: [
      { check: 'runs', verdict: 'passed', sentence: 'It answers 40 pictures.' },
      {
        check: 'fast_enough',
        verdict: 'failed',
        sentence: 'A picture takes 900 ms; the brief allows 200 ms.',
      },
    ],
    champion: null,
    job: null,
    created_at: '2026-01-02T10:00:00Z',
    finished_at: '2026-01-02T10:01:00Z',
  },
  where_to_run: {
    place: 'device',
    said: [],
    reasons_said: [],
    sentence: 'Run it on the device. There is never a connection.',
    reasons: ['There is never a connection.', 'The file fits into 50 MB.'],
    blocked: '',
    format: 'onnx',
    fits: true,
  },
  card: {
    name: 'emoji-groups v3',
    written_at: '2026-01-02T10:00:00Z',
    sections: [{ title: 'What it is for', lines: ['Sorting pictures.'] }],
  },
};
