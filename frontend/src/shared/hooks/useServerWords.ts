import { useTranslation } from 'react-i18next';

type Values = Record<string, string | number | null | undefined>;

/**
 * The server's sentences are English. In English they stand as they are; in another language the page's own words for
 * the same thing take their place, where it has any: `say('next.reason.label', { n: 12 }, step.reason)`.
 */
export function useServerWords(namespace: string): (key: string, values: Values, sentence: string) => string {
  const { t, i18n } = useTranslation(namespace);
  return (key, values, sentence) =>
    i18n.language === 'en' ? sentence : t(key, { ...values, defaultValue: sentence });
}
