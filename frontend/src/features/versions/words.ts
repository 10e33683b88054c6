import { useTranslation } from 'react-i18next';
import { formatCount, formatNumber, formatPercent } from '@/shared/format';
import type { Tone } from '@/shared/ui/tone';
import type { Summary } from './queries';

/** The server's reasons by the keys of our words. */
const REASONS: Record<string, string> = {
  'no label': 'noLabel',
  'labelled “cannot tell”': 'cannotTell',
  'labelled “none of these”': 'noneOfThese',
  'posterior too low': 'lowPosterior',
  'class left out by the recipe': 'excludedClass',
  'outside the population of the weights': 'outsidePopulation',
  'bridges two splits': 'bridges',
};

export function useReasonWords(): (reason: string) => string {
  const { t } = useTranslation('versions');
  return (reason) => t(`reason.${REASONS[reason] ?? 'other'}`, { reason, defaultValue: reason });
}

export function useSplitWords(): (split: string) => string {
  const { t } = useTranslation('versions');
  return (split) => t(`split.${split}`, { defaultValue: split });
}

export function useClassWords(): (one: { key: string; names: Record<string, string> }) => string {
  const { i18n } = useTranslation();
  return ({ key, names }) => names[i18n.language] ?? names.en ?? key;
}

const IMBALANCED = 3;
const STRONGLY = 20;

/** The tone by the server's own limits of the imbalance ratio. */
export function balanceTone(summary: Summary): Tone {
  const ratio = summary.imbalance_ratio;
  if (ratio === null) return 'unknown';
  if (summary.classes.length === 1) return 'bad';
  return ratio < IMBALANCED ? 'good' : 'warning';
}

/** The verdict on the balance: the server's sentence in English, composed from its figures in other languages. */
export function useBalanceWords(): (summary: Summary) => string {
  const { t, i18n } = useTranslation('versions');
  const name = useClassWords();
  return (summary) => {
    const ratio = summary.imbalance_ratio;
    const most = summary.classes[0];
    const least = summary.classes.at(-1);
    if (i18n.language === 'en') return summary.verdict;
    if (ratio === null || !most || !least) return t('balance.none');
    if (summary.classes.length === 1) return t('balance.one', { most: name(most) });
    const total = summary.classes.reduce((sum, one) => sum + one.count, 0);
    const kind = ratio < IMBALANCED ? 'balanced' : ratio < STRONGLY ? 'imbalanced' : 'strongly';
    return t(`balance.${kind}`, {
      n: formatCount(summary.classes.length),
      most: name(most),
      least: name(least),
      ratio: formatNumber(ratio),
      share: formatPercent(most.count / total, 0),
    });
  };
}

/** "train 345 · validation 65 · test 46". */
export function useSplitLine(): (splits: Record<string, number>) => string {
  const word = useSplitWords();
  return (splits) =>
    Object.entries(splits)
      .map(([split, count]) => `${word(split)} ${formatCount(count)}`)
      .join(' · ');
}
