import type { QuestionInUse } from '@/shared/questions/useQuestionHere';
import type { LeakFinding, Understand, UnderstandResult } from './queries';

/** Answers of the server for the tests of the page. */

const asked = { schema: 's1', schema_name: 'Animals', family: 'animals', kind: 'single_choice', n_labels: 3 };
/** A number has most labels, but only classes have a balance. */
export const questions: QuestionInUse[] = [
  { ...asked, question: 'weight', kind: 'number', title: { en: 'How heavy?' }, n_labels: 9 },
  { ...asked, question: 'ill', title: { en: 'Is it ill?' } },
  { ...asked, question: 'tame', title: { en: 'Is it tame?' }, n_labels: 0 },
];

const estimate = (value: number, low: number, high: number) => ({
  value,
  low,
  high,
  level: 0.95,
  n: 200,
  method: 'test',
  reason: null,
});

const finding = (name: string, known: string, judgement: string, p: number | null): LeakFinding => ({
  name,
  origin: known === 'technical' ? 'technical' : 'attribute',
  known_at_prediction: known === 'technical' ? 'no' : known,
  skill:
    p === null
      ? { ...estimate(0, 0, 0), value: null, reason: 'All values are equal.' }
      : estimate(0.9, 0.8, 0.95),
  p_value: p,
  q_value: p,
  judgement,
  message: '',
});

export const result: UnderstandResult = {
  n_items: 200,
  n_read: 200,
  n_labelled: 190,
  balance: {
    classes: [
      { key: 'ill', count: 100, share: estimate(0.526, 0.45, 0.6) },
      { key: 'well', count: 90, share: estimate(0.474, 0.4, 0.55) },
    ],
    n: 190,
    imbalance_ratio: 1.11,
    effective_classes: 1.99,
    absent: [],
    balanced: true,
    verdict: '',
    names: { ill: { en: 'Ill' }, well: { en: 'Well' } },
  },
  numbers: [
    {
      name: 'age',
      origin: 'attribute',
      histogram: {
        edges: [0, 50, 100],
        counts: [80, 110],
        below: 0,
        above: 3,
        n: 193,
        n_missing: 7,
        reason: null,
      },
      box: {
        n: 193,
        n_missing: 7,
        minimum: 1,
        q1: 40,
        median: 55,
        q3: 65,
        maximum: 240,
        low_fence: 2.5,
        high_fence: 102.5,
        low_whisker: 3,
        high_whisker: 99,
        n_outliers: 3,
        outliers: [5, 6, 7],
        reason: null,
      },
      outliers: [{ sha256: 'c'.repeat(64), value: 240 }],
    },
  ],
  categories: [
    {
      name: 'blood',
      values: [
        { value: 'a', count: 120 },
        { value: 'b', count: 70 },
      ],
      n_values: 2,
      n_missing: 10,
      n_other: 0,
    },
  ],
  issues: { codes: [{ code: 'dark', count: 2, items: ['d'.repeat(64)] }], n_flagged: 2, verdict: '' },
  missing: {
    columns: [
      {
        name: 'blood',
        n_missing: 10,
        share: estimate(0.05, 0.03, 0.09),
        p_value: 0.4,
        q_value: 0.4,
        effect: 0.05,
        tells_label: false,
        reason: null,
      },
    ],
    verdict: '',
  },
  map: {
    points: [{ sha256: 'c'.repeat(64), latitude: 37.5, longitude: 127, label: 'ill' }],
    n_located: 1,
    n_items: 200,
  },
  duplicates: {
    exact: [{ sha256: 'a'.repeat(64), occurrences: 2 }],
    n_exact: 1,
    near: [['a'.repeat(64), 'b'.repeat(64)]],
    n_near_groups: 1,
    n_near_items: 2,
    bits: 4,
    verdict: '',
  },
  leaks: {
    findings: [
      finding('diagnosed', 'no', 'leak', 0.001),
      finding('file size', 'technical', 'shortcut', 0.002),
      finding('blood', 'unknown', 'nothing', 0.4),
      finding('room', 'no', 'nothing', 0.7),
      finding('camera', 'technical', 'not-tested', null),
    ],
    not_known: ['diagnosed', 'room'],
    undecided: ['blood'],
    n: 190,
    n_classes: 2,
    permutations: 999,
    verdict: '',
    reason: null,
  },
};

export const report: Understand = {
  id: 'r1',
  kind: 'understand',
  subject: { schema: 's0', question: 'ill' },
  job: null,
  created_at: '2026-11-22T00:00:00Z',
  finished_at: '2026-11-22T00:01:00Z',
  result,
  pictures: {},
};
