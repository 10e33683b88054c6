import { useTranslation } from 'react-i18next';
import type { Tone } from '@/shared/ui/tone';

export const inLanguage = (names: Record<string, string>, language: string, key: string) =>
  names[language] ?? names[language.slice(0, 2)] ?? names.en ?? Object.values(names)[0] ?? key;

/** An attribute or image statistic by its name for people. */
export function useNames(): (name: string) => string {
  const { t } = useTranslation('insights');
  return (name) =>
    t(`statistic.${name.replaceAll(/[:. ]+/g, '_')}`, { defaultValue: name.replaceAll('_', ' ') });
}

export const JUDGEMENT_TONE: Record<string, Tone> = {
  leak: 'bad',
  shortcut: 'warning',
  'too-good': 'warning',
  associated: 'good',
  nothing: 'good',
  'not-tested': 'unknown',
};

export const REPRESENTATION_TONE: Record<string, Tone> = {
  over: 'warning',
  under: 'warning',
  absent: 'bad',
  fine: 'good',
};

export const LOOK_TONE: Record<string, Tone> = { alike: 'good', different: 'bad', unknown: 'unknown' };
