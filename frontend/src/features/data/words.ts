import { useTranslation } from 'react-i18next';
import { formatNumber } from '@/shared/format';
import { useQuestionHere } from '@/shared/questions/useQuestionHere';
import { useClasses, useClassesOf } from './classes';
import { labelOf } from './filters';
import type { ItemCard } from './queries';

export const ISSUES = ['dark', 'bright', 'flat', 'blurry', 'odd-ratio', 'tiny'] as const;

export const STATISTICS = [
  'brightness_mean',
  'contrast',
  'saturation_mean',
  'sharpness',
  'colourfulness',
  'entropy',
  'dark_share',
  'bright_share',
  'red_mean',
  'green_mean',
  'blue_mean',
  'border_mean',
  'border_contrast',
  'opaque_share',
  'aspect_ratio',
  'megapixels',
] as const;

export const COLUMNS = ['width', 'height', 'byte_size'] as const;

/** Values of attributes come as JSON; a person reads words. */
export function useValueWords(): (value: unknown) => string {
  const { t } = useTranslation('data');
  return (value) => {
    if (value === null || value === undefined || value === '') return t('value.none');
    if (typeof value === 'boolean') return t(value ? 'value.yes' : 'value.no');
    if (typeof value === 'number') return formatNumber(value, 5);
    if (Array.isArray(value)) return value.map(String).join(', ');
    return typeof value === 'object'
      ? Object.entries(value)
          .map(([k, v]) => `${k}: ${v}`)
          .join(', ')
      : String(value);
  };
}

/** An attribute, image statistic or column by its name for people. */
export function useNames(): (name: string) => string {
  const { t } = useTranslation('data');
  return (name) =>
    t(`statistic.${name.replaceAll(/[:. ]+/g, '_')}`, { defaultValue: name.replaceAll('_', ' ') });
}

/** The values of a facet as words. */
export function useFacetWords(project: string): (kind: string, value: string) => string {
  const { t } = useTranslation('data');
  const { pathOf } = useClasses(project);
  return (kind, value) => {
    // "Food › Fruit › Apple": the name alone may be there twice.
    if (kind === 'label') return pathOf(value);
    if (['issue', 'without_issue', 'kind', 'labelled', 'split'].includes(kind)) {
      return t(`${kind === 'without_issue' ? 'issue' : kind}.${value}`, { defaultValue: value });
    }
    return value;
  };
}

interface Answered {
  answer: Record<string, unknown>;
  keys: readonly string[];
}

/** What a label of this schema and question says, whatever kind of question it answers. */
export function useAnswerWords(
  project: string,
  schema: string,
  question: string,
): (label: Answered) => string {
  const { t } = useTranslation('data');
  const { nameOf } = useClassesOf(project, schema, question);
  return ({ answer, keys }) => {
    if ('cannot_tell' in answer) return t('answer.cannotTell');
    if ('none' in answer) return t('answer.none');
    if (typeof answer.number === 'number') return formatNumber(answer.number, 9);
    if (typeof answer.text === 'string') return answer.text;
    if (Array.isArray(answer.shapes))
      return t('answer.shapes', { count: answer.shapes.length, classes: keys.map(nameOf).join(', ') });
    return keys.map(nameOf).join(', ') || t('answer.none');
  };
}

/** What an item's label for the question that the page is about says; nothing where it has none. */
export function useLabelWords(project: string): (item: ItemCard) => string | undefined {
  const { question: asked } = useQuestionHere(project);
  const words = useAnswerWords(project, asked?.schema ?? '', asked?.question ?? '');
  return (item) => {
    const label = labelOf(item, asked);
    return label && words(label);
  };
}
