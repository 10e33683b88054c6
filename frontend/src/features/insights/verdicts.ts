import type { TFunction } from 'i18next';
import { formatCount, formatNumber, formatPercent } from '@/shared/format';
import type { Tone } from '@/shared/ui/tone';
import type { UnderstandResult } from './queries';

/** Each section of the report in one line. The server counts; the words are here, in the reader's language. */

export interface SectionVerdict {
  id: 'leaks' | 'balance' | 'duplicates' | 'issues' | 'missing' | 'outliers' | 'categories' | 'map';
  tone: Tone;
  text: string;
}

type T = TFunction<'insights'>;
type Name = (key: string) => string;

const RARE = 20;
const STRONG = 20;
const MILD = 3;
const MANY_OUTLIERS = 0.05;

const join = (parts: readonly (string | false)[]) => parts.filter(Boolean).join(' ');
const list = (names: readonly string[]) => `${names.slice(0, 3).join(', ')}${names.length > 3 ? ' …' : ''}`;

function leaks({ leaks: found }: UnderstandResult, t: T, name: Name, why: Name): SectionVerdict {
  const of = (judgement: string) =>
    found.findings.filter((one) => one.judgement === judgement).map((one) => name(one.name));
  const bad = of('leak');
  const shortcuts = of('shortcut');
  const good = of('too-good');
  if (found.reason)
    return { id: 'leaks', tone: 'unknown', text: t('leaks.notTested', { reason: why(found.reason) }) };
  if (bad.length + shortcuts.length + good.length === 0) {
    const tested = found.findings.filter((one) => one.p_value !== null).length;
    return tested === 0
      ? { id: 'leaks', tone: 'unknown', text: t('leaks.nothingToTest') }
      : { id: 'leaks', tone: 'good', text: t('leaks.none', { count: tested }) };
  }
  return {
    id: 'leaks',
    tone: bad.length > 0 ? 'bad' : 'warning',
    text: join([
      bad.length > 0 && t('leaks.found', { count: bad.length, names: list(bad) }),
      good.length > 0 && t('leaks.tooGood', { count: good.length, names: list(good) }),
      shortcuts.length > 0 && t('leaks.shortcuts', { count: shortcuts.length, names: list(shortcuts) }),
    ]),
  };
}

function balance({ balance: found }: UnderstandResult, t: T, className: Name): SectionVerdict {
  const id = 'balance';
  if (!found) return { id, tone: 'unknown', text: t('balance.noQuestion') };
  const most = found.classes[0];
  const least = found.classes.at(-1);
  if (!most || !least || found.imbalance_ratio === null)
    return { id, tone: 'unknown', text: t('balance.noLabels') };
  const ratio = found.imbalance_ratio;
  const rare = found.classes.filter((one) => one.count < RARE).length;
  const share = formatPercent(most.count / found.n, 0);
  const words = {
    ratio: formatNumber(ratio, 2),
    most: className(most.key),
    least: className(least.key),
    share,
  };
  const head =
    found.classes.length === 1
      ? t('balance.single', words)
      : ratio < MILD
        ? t('balance.even', { ...words, count: found.classes.length })
        : t(ratio >= STRONG ? 'balance.strong' : 'balance.mild', { ...words, count: found.classes.length });
  return {
    id,
    tone: found.balanced && rare === 0 ? 'good' : 'warning',
    text: join([
      head,
      rare > 0 && t('balance.rare', { count: rare }),
      found.absent.length > 0 && t('balance.absent', { count: found.absent.length }),
    ]),
  };
}

function duplicates({ duplicates: found }: UnderstandResult, t: T): SectionVerdict {
  if (found.n_exact + found.n_near_items === 0)
    return { id: 'duplicates', tone: 'good', text: t('duplicates.none') };
  return {
    id: 'duplicates',
    tone: found.n_near_items > 0 ? 'warning' : 'good',
    text: t('duplicates.found', {
      exact: formatCount(found.n_exact),
      near: formatCount(found.n_near_items),
      groups: formatCount(found.n_near_groups),
    }),
  };
}

function issues({ issues: found, n_read }: UnderstandResult, t: T): SectionVerdict {
  if (found.n_flagged === 0) return { id: 'issues', tone: 'good', text: t('issues.none') };
  const share = formatPercent(found.n_flagged / Math.max(1, n_read));
  return { id: 'issues', tone: 'warning', text: t('issues.found', { count: found.n_flagged, share }) };
}

function missing({ missing: found }: UnderstandResult, t: T, name: Name): SectionVerdict {
  const id = 'missing';
  const telling = found.columns.filter((one) => one.tells_label).map((one) => name(one.name));
  const lacking = found.columns.filter((one) => one.n_missing > 0);
  if (found.columns.length === 0) return { id, tone: 'unknown', text: t('missing.noColumns') };
  if (telling.length > 0) {
    return { id, tone: 'bad', text: t('missing.telling', { count: telling.length, names: list(telling) }) };
  }
  if (lacking.length > 0) {
    const names = list(lacking.map((one) => name(one.name)));
    return { id, tone: 'warning', text: t('missing.some', { count: lacking.length, names }) };
  }
  return { id, tone: 'good', text: t('missing.none', { count: found.columns.length }) };
}

function outliers({ numbers }: UnderstandResult, t: T, name: Name): SectionVerdict {
  const id = 'outliers';
  if (numbers.length === 0) return { id, tone: 'unknown', text: t('outliers.noNumbers') };
  const share = (one: (typeof numbers)[number]) => one.box.n_outliers / Math.max(1, one.box.n);
  const withSome = numbers.filter((one) => one.box.n_outliers > 0).sort((a, b) => share(b) - share(a));
  const worst = withSome[0];
  if (!worst) return { id, tone: 'good', text: t('outliers.none', { count: numbers.length }) };
  return {
    id,
    tone: share(worst) > MANY_OUTLIERS ? 'warning' : 'good',
    text: t('outliers.some', {
      count: withSome.length,
      total: formatCount(numbers.length),
      name: name(worst.name),
      share: formatPercent(share(worst)),
    }),
  };
}

function categories({ categories: found }: UnderstandResult, t: T, name: Name): SectionVerdict {
  const id = 'categories';
  if (found.length === 0) return { id, tone: 'unknown', text: t('categories.none') };
  const single = found.filter((one) => one.n_values < 2).map((one) => name(one.name));
  if (single.length > 0) {
    return {
      id,
      tone: 'warning',
      text: t('categories.constant', { count: single.length, names: list(single) }),
    };
  }
  return { id, tone: 'good', text: t('categories.fine', { count: found.length }) };
}

function map({ map: found }: UnderstandResult, t: T): SectionVerdict {
  if (found.n_located === 0) return { id: 'map', tone: 'unknown', text: t('map.none') };
  const share = formatPercent(found.n_located / Math.max(1, found.n_items));
  return { id: 'map', tone: 'good', text: t('map.some', { count: found.n_located, share }) };
}

export function sectionVerdicts(
  result: UnderstandResult,
  t: T,
  name: Name,
  className: Name,
  why: Name,
): SectionVerdict[] {
  return [
    leaks(result, t, name, why),
    balance(result, t, className),
    duplicates(result, t),
    issues(result, t),
    missing(result, t, name),
    outliers(result, t, name),
    categories(result, t, name),
    map(result, t),
  ];
}
