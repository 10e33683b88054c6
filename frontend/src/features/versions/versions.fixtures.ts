import type { Summary, Version, VersionRow } from './queries';

/** Answers of the server for the tests of both pages. */
export const AT = '/api/v1/projects/emoji';

export const row: VersionRow = {
  id: '1',
  ref: 'emoji@v2',
  name: 'emoji',
  number: 2,
  content_hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  schema: 's1',
  question: 'kind',
  parent: 'emoji@v1',
  state: 'frozen',
  created_by: 'Lea Lead',
  created_at: '2026-11-22T00:00:00Z',
  items: 456,
  splits: { train: 345, validation: 65, test: 46 },
  n_classes: 2,
};

export const older: VersionRow = {
  ...row,
  id: '0',
  ref: 'emoji@v1',
  number: 1,
  parent: null,
  created_at: '2026-11-20T00:00:00Z',
};

export const summary: Summary = {
  items: 456,
  splits: row.splits,
  classes: [
    {
      key: 'face',
      names: { en: 'Face', ko: '얼굴' },
      count: 400,
      splits: { train: 300, validation: 60, test: 40 },
    },
    { key: 'food', names: { en: 'Food' }, count: 56, splits: { train: 45, validation: 5, test: 6 } },
  ],
  imbalance_ratio: 7.14,
  effective_classes: 1.45,
  verdict: 'The 2 classes are imbalanced: “face” (400) is 7 times “food” (56).',
  groups: 440,
  largest_group: 4,
  new_groups: 12,
  left_out: [
    { reason: 'no label', count: 30 },
    { reason: 'posterior too low', count: 14 },
  ],
  conflicts: [{ items: ['a', 'b'], splits: ['test', 'train'], n_items: 2 }],
  n_conflicts: 1,
  parent: 'emoji@v1',
  weights: null,
};

export const version: Version = {
  ...row,
  summary,
  recipe: {
    name: 'emoji',
    schema: 's1',
    question: 'kind',
    sources: ['Belt 2'],
    populations: [],
    conditions: [{ name: 'sharpness', low: 30 }],
    min_posterior: 0.8,
    fractions: { train: 0.7, validation: 0.15, test: 0.15 },
    seed: 'touchstone',
    near_duplicate_bits: 4,
    weights: null,
  },
  loading: [
    {
      format: 'imagefolder',
      title: 'ImageFolder (zip)',
      file: 'emoji-v2-imagefolder.zip',
      into: 'tf.data',
      imports: ['import keras'],
      code: 'keras.utils.image_dataset_from_directory("emoji-v2-imagefolder/train", image_size=(224, 224))',
    },
    {
      format: 'csv',
      title: 'CSV',
      file: 'emoji-v2.csv',
      into: 'pandas',
      imports: ['import pandas'],
      code: 'pandas.read_csv("emoji-v2.csv")',
    },
  ],
};

export const schemas = {
  results: [
    {
      id: 's1',
      version: 1,
      name: 'Emoji kinds',
      questions: [{ key: 'kind', title: { en: 'What is it?' }, n_classes: 2 }],
    },
  ],
  next: null,
};

export const job = {
  id: 'j1',
  kind: 'datasets.freeze',
  state: 'queued',
  done: 0,
  total: 4,
  message: '',
  eta_seconds: null,
  result: null,
  error: null,
};
