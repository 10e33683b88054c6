import type { QuestionInUse } from '@/shared/questions/useQuestionHere';
import type { Attribute, Facets, ItemCard, ItemDetail } from './queries';

/** Answers of the server for the tests of the explorer and of the page of an item. */

export const AT = '/api/v1/projects/emoji';

const label = {
  schema: 's1',
  family: 'animals',
  question: 'animal',
  answer: { choice: 'cat' },
  keys: ['cat'],
  origin: 'consensus',
  posterior: 0.97,
  n_labels: 3,
};

export const card = (n: number, fields: Partial<ItemCard> = {}): ItemCard => ({
  sha256: String(n).repeat(64).slice(0, 64),
  kind: 'image',
  media_type: 'image/png',
  width: 64,
  height: 48,
  byte_size: 2048,
  name: `belt/${n}.png`,
  sources: ['Belt'],
  n_occurrences: 1,
  attributes: { site: 'north' },
  issues: [],
  group: '',
  text: '',
  record: null,
  labels: [label],
  media: { small: `/media/${n}.webp`, medium: null, full: null, tiles: null },
  ...fields,
});

export const facets: Facets = {
  total: 3,
  facets: [
    {
      name: 'source',
      kind: 'source',
      values: [
        { value: 'Belt', count: 2 },
        { value: 'Field', count: 1 },
      ],
    },
    { name: 'label', kind: 'label', values: [{ value: 'cat', count: 2 }] },
    { name: 'site', kind: 'attribute', values: [{ value: 'north', count: 3 }] },
  ],
};

export const attributes: Attribute[] = [
  {
    name: 'shade',
    type: 'number',
    unit: '',
    known_at_prediction: 'yes',
    description: '',
  } as Attribute,
];

export const schemas = {
  results: [
    {
      id: 's1',
      family: 'animals',
      version: 1,
      name: 'Animals',
      questions: [{ key: 'animal', kind: 'single_choice', title: { en: 'Which animal?' }, n_classes: 2 }],
    },
  ],
  next: null,
};

/** Animals have labels; Parts is newer and has none. */
export const questions: QuestionInUse[] = [
  {
    schema: 's1',
    schema_name: 'Animals',
    family: 'animals',
    question: 'animal',
    kind: 'single_choice',
    title: { en: 'Which animal?' },
    n_labels: 2,
  },
  {
    schema: 's2',
    schema_name: 'Parts',
    family: 'parts',
    question: 'weight',
    kind: 'number',
    title: { en: 'How heavy?' },
    n_labels: 0,
  },
];

export const parts = {
  id: 's2',
  document: { questions: [{ key: 'weight', kind: 'number', title: { en: 'How heavy?' }, unit: 'kg' }] },
};

export const schema = {
  ...schemas.results[0],
  document: {
    questions: [
      {
        key: 'animal',
        kind: 'single_choice',
        title: { en: 'Which animal?' },
        allow_none: true,
        allow_cannot_tell: true,
        classes: [
          { key: 'pet', names: { en: 'Pet' }, parent: null, selectable: true },
          { key: 'cat', names: { en: 'Cat' }, parent: 'pet', selectable: true },
        ],
      },
    ],
  },
};

export const item: ItemDetail = {
  ...card(1),
  statistics: { brightness_mean: 0.4, sharpness: 120.5 },
  facts: {},
  findings: [],
  derived: 'done',
  created_at: '2026-11-22T00:00:00Z',
  occurrences: [
    {
      id: 1,
      source: 'Belt',
      population: 'training',
      name: 'belt/1.png',
      external_id: '',
      captured_at: null,
      captured_local: '2025-03-01T10:00:00',
      latitude: null,
      longitude: null,
      attributes: { site: 'north' },
      group_key: 'site 7',
      created_at: '2026-11-22T00:00:00Z',
    },
  ],
  history: [
    {
      ...label,
      id: 'l1',
      schema_version: 1,
      origin: 'consensus',
      origin_ref: '',
      actor: null,
      entropy: 0.1,
      reason: '',
      is_current: true,
      created_at: '2026-11-22T00:00:00Z',
    } as ItemDetail['history'][number],
  ],
  versions: [{ version: 'animals@v1', split: 'train', label_keys: ['cat'] }],
};
