import { useTranslation } from 'react-i18next';
import { i18n } from '@/app/i18n';
import { formatNumber } from '@/shared/format';

/** A sentence of the server beside its English: which one, and what goes into it. A list is a sentence again. */
export interface SaidPart {
  code: string;
  params: Record<string, unknown>;
}
export type Said = readonly SaidPart[];

interface Digits {
  digits?: number;
  sign?: number;
}

const shown = (style: 'percent' | 'decimal', least: boolean) => (value: unknown, lng?: string, at?: Digits) =>
  typeof value === 'number'
    ? new Intl.NumberFormat(lng, {
        style,
        maximumFractionDigits: at?.digits ?? 0,
        minimumFractionDigits: least ? (at?.digits ?? 0) : 0,
        signDisplay: at?.sign ? 'exceptZero' : 'auto',
      }).format(value)
    : String(value ?? '');

/** How the locale files ask for numbers: {{n, count}}, {{share, percent(digits: 1)}}, {{loss, fixed(digits: 3)}}. */
const FORMATS = {
  count: shown('decimal', false),
  percent: shown('percent', false),
  fixed: shown('decimal', true),
  plain: (value: unknown) => (typeof value === 'number' ? formatNumber(value) : String(value ?? '')),
};

const served = new WeakSet<object>();

function teachFormats(): void {
  const { formatter } = i18n.services;
  if (!formatter || served.has(formatter)) return;
  served.add(formatter);
  for (const [name, format] of Object.entries(FORMATS)) formatter.add(name, format);
}

function isSaid(value: unknown): value is Said {
  return Array.isArray(value);
}

/** The words of the page's language; null when one of the codes is unknown to it. */
function inWords(said: Said, t: (key: string, values: Record<string, unknown>) => string): string | null {
  const parts: string[] = [];
  for (const { code, params } of said) {
    if (!code || !i18n.exists(`said:${code}`)) return null;
    const values: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(params)) {
      values[name] = isSaid(value) ? inWords(value, t) : value;
      if (values[name] === null && value !== null) return null;
    }
    parts.push(t(code, values));
  }
  return parts.length > 0 ? parts.join(' ') : null;
}

/**
 * Sentences that the server computes: in English as it wrote them, in another language by their codes. `otherwise` is
 * shown where a code is missing, as in results kept from before there were codes; left out, it is the server's sentence.
 */
export function useSaid(): (said: Said | null | undefined, sentence: string, otherwise?: string) => string {
  const { i18n: now } = useTranslation();
  const { t } = useTranslation(now.language === 'en' ? 'common' : 'said');
  if (now.language === 'en') return (_said, sentence) => sentence;
  teachFormats();
  return (said, sentence, otherwise) =>
    inWords(said ?? [], (key, values) => t(key, { ...values, ns: 'said' })) ?? otherwise ?? sentence;
}
