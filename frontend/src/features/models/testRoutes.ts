import type { ReactNode } from 'react';
import { renderPage } from '@/test/render';
import { baseline, expectations, model, network, thresholds, version } from './testData';

export const P = '/api/v1/projects/emoji';
export const none = { results: [], next: null };
const recipe = {
  key: 'small_cnn',
  name: 'Small',
  sentence: '',
  is_baseline: false,
  kinds: [],
  exports: [],
  settings: [
    {
      name: 'epochs',
      type: 'integer',
      default: 12,
      minimum: 1,
      maximum: 1000,
      choices: null,
      help: 'Passes.',
    },
  ],
};
export const lists = {
  [`${P}/versions`]: { results: [version], next: null },
  [`${P}/recipes`]: { results: [recipe], next: null },
  [`${P}/runs`]: { results: [network, baseline], next: null },
  [`${P}/models`]: none,
  [`${P}/looks`]: {
    validation: [
      { version: 'emoji@v1', question: 'thing', looks: 6, optimism: 0.031, state: 'too_often', sentence: '' },
    ],
    test: [],
  },
  [`${P}/endpoints`]: none,
  [`${P}/schemas/s1`]: {
    document: {
      questions: [
        {
          key: 'thing',
          classes: [
            { key: 'animal', parent: null },
            { key: 'cat', parent: 'animal' },
          ],
        },
      ],
    },
  },
};
export const show = (ui: ReactNode, at: string, route: string) => renderPage(ui, { at, route });
export const modelRoutes = {
  ...lists,
  [`${P}/models/m1`]: model,
  [`${P}/models/m1/expectations`]: expectations,
  [`${P}/models/m1/thresholds`]: thresholds,
  [`${P}/models/m1/exports`]: {
    results: model.exports,
    next: null,
    missing: [],
    blocked: '',
    signature: null,
    serving_card: {},
  },
};
