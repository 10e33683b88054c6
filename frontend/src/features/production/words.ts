import { useTranslation } from 'react-i18next';
import { formatPercent } from '@/shared/format';
import type { Tone } from '@/shared/ui/tone';
import type { Estimate, Production } from './queries';

export const TONE_OF: Record<Production['verdict']['light'], Tone> = {
  good: 'good',
  warning: 'warning',
  bad: 'bad',
  empty: 'unknown',
};

export const AUDIT_TONES: Record<string, Tone> = {
  running: 'unknown',
  complete: 'good',
  cancelled: 'unknown',
};

/** The tone of a report: alike, different, or not known. */
export const LOOK_TONES: Record<string, Tone> = { alike: 'good', different: 'warning' };

/** Verdicts that an audit would settle. */
export const WANTS_AUDIT = new Set(['unaudited', 'drifted-unaudited', 'audit-old', 'audited-no-expectation']);

type Names = Readonly<Record<string, string>>;

/** The name of a class of the model; the empty key is a truth that no class of the model is right about. */
export function useClassName(names: Names): (key: string) => string {
  const { t } = useTranslation('production');
  return (key) => (key === '' ? t('noClass') : (names[key] ?? key));
}

/** "objects · score 0.20 to 0.48" and "all others", as the server names strata, in the words of the page. */
export function useStratumName(names: Names): (stratum: string) => string {
  const { t } = useTranslation('production');
  const className = useClassName(names);
  const part = (text: string) => {
    const score = /^score ([\d.]+) to ([\d.]+)$/.exec(text);
    if (score) return t('stratum.score', { low: score[1], high: score[2] });
    return className(text);
  };
  return (stratum) => {
    if (stratum === 'all others') return t('stratum.rest');
    if (stratum === 'all') return t('stratum.all');
    return stratum.split(' · ').map(part).join(' · ');
  };
}

/** What a translated sentence about an estimate needs. */
export function estimateWords(estimate: Estimate | null | undefined): Record<string, string> {
  const show = (value: number | null | undefined) => (value == null ? '?' : formatPercent(value));
  return { value: show(estimate?.value), low: show(estimate?.low), high: show(estimate?.high) };
}
