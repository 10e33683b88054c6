import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ClassIndex } from '@/shared/classes/ClassIndex';
import type { Answer, ReviewSchema } from './queries';

/** What an answer says, in words; of several questions, each by its title. */
export function useAnswerName(schema: ReviewSchema, index: ClassIndex): (answer: Answer) => string {
  const { t, i18n } = useTranslation('review');
  const { language } = i18n;
  return useMemo(() => {
    const several = new Map(
      schema.asked?.map(({ question, classes }) => [
        question.key,
        { title: question.titles?.[language] ?? question.title, own: new ClassIndex(classes, language) },
      ]),
    );
    const order = [...several.keys()];
    const nameOf = (answer: Answer, here: ClassIndex): string => {
      switch (answer.kind) {
        case 'class':
          return (answer.classes ?? []).map((key) => here.get(key)?.name ?? key).join(', ');
        case 'number':
          return String(answer.number ?? '');
        case 'text':
          return answer.text ?? '';
        case 'shapes':
          return t('answer.shapes', { count: answer.shapes?.length ?? 0 });
        case 'answers':
          return Object.entries(answer.answers ?? {})
            .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
            .map(([key, one]) => {
              const { title, own } = several.get(key) ?? { title: key, own: here };
              return t('answer.said', { title, words: nameOf(one, own) });
            })
            .join(' · ');
        default:
          return t(`answer.${answer.kind}`);
      }
    };
    return (answer) => nameOf(answer, index);
  }, [schema, index, language, t]);
}
