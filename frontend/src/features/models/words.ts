import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Tone } from '@/shared/ui/tone';
import { recipesQuery, type Verdict } from './queries';

/** Recipes by their key: in the language of the page where we have the word, else as the server calls them. */
export function useRecipeName(project: string): (key: string) => string {
  const { t } = useTranslation('models');
  const { data } = useQuery(recipesQuery(project));
  return (key) => {
    const known = data?.results.find((recipe) => recipe.key === key)?.name ?? key;
    return t(`recipe.${key}`, { defaultValue: known });
  };
}

export const VERDICT_TONE: Record<Verdict, Tone> = {
  beats: 'good',
  does_not_beat: 'bad',
  cannot_tell: 'warning',
};

export const RUN_TONE: Record<string, Tone> = {
  queued: 'unknown',
  running: 'unknown',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'unknown',
};

export const LOOKS_TONE: Record<string, Tone> = {
  fine: 'good',
  careful: 'warning',
  too_often: 'bad',
  unknown: 'unknown',
};

export function isVerdict(value: string | null | undefined): value is Verdict {
  return value != null && value in VERDICT_TONE;
}

/** Metrics in the order in which they are read; those without a natural end are numbers. */
export const METRICS = [
  { key: 'accuracy', unit: 'percent' },
  { key: 'balanced_accuracy', unit: 'percent' },
  { key: 'macro_f1', unit: 'percent' },
  { key: 'roc_auc', unit: 'number' },
  { key: 'pr_auc', unit: 'number' },
  { key: 'log_loss', unit: 'number' },
  { key: 'brier', unit: 'number' },
  { key: 'ece', unit: 'percent' },
] as const;

export type MetricKey = (typeof METRICS)[number]['key'];

export function metricUnit(key: string): 'percent' | 'number' {
  return METRICS.find((metric) => metric.key === key)?.unit ?? 'percent';
}
