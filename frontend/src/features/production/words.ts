import { useTranslation } from 'react-i18next';
import { formatCount, formatPercent } from '@/shared/format';
import { useServerWords } from '@/shared/hooks/useServerWords';
import type { Tone } from '@/shared/ui/tone';
import type { Batch, Estimate, Production } from './queries';

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

/** What is to be known of a search for hard samples: the server's sentence, or the page's own words for it. */
export function useNote(): (summary: NonNullable<Batch['summary']>) => string {
  const { t } = useTranslation('production');
  const say = useServerWords('production');
  return ({ note, without_vector: without, candidates, population }) => {
    if (!note || without === undefined) return note ?? '';
    if (without === null) return say('hard.note.noVectors', {}, note);
    const parts = [
      without > 0 && t('hard.note.without', { count: without, n: formatCount(without) }),
      population > candidates &&
        t('hard.note.sought', { candidates: formatCount(candidates), population: formatCount(population) }),
    ];
    return say('hard.note.all', { parts: parts.filter(Boolean).join(' ') }, note);
  };
}

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
