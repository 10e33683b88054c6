import { useTranslation } from 'react-i18next';
import english from '@/locales/en/reasons.json';

/** "{{n}} answers are too few" as what it looks like with a number in it. */
const PATTERNS = Object.entries(english).map(([key, text]) => {
  const holes: string[] = [];
  const parts = text.split(/\{\{(\w+)\}\}/).map((part, at) => {
    if (at % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    holes.push(part);
    return '(.+?)';
  });
  return { key, holes, pattern: new RegExp(`^${parts.join('')}$`) };
});

/**
 * Why a number could not be computed, in the language of the page. Such reasons come out of the statistics, many kept with
 * old results, as an English clause without a code: they are known by their words, and one that is not stays as it is.
 */
export function useReason(): (reason: string) => string {
  const { i18n } = useTranslation();
  const { t } = useTranslation(i18n.language === 'en' ? 'common' : 'reasons');
  if (i18n.language === 'en') return (reason) => reason;
  return (reason) => {
    for (const { key, holes, pattern } of PATTERNS) {
      const found = pattern.exec(reason);
      if (found)
        return t(key, {
          ns: 'reasons',
          ...Object.fromEntries(holes.map((hole, at) => [hole, found[at + 1]])),
        });
    }
    return reason;
  };
}
