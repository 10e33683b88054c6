import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ClassIndex } from '@/shared/classes/ClassIndex';
import type { LabelClass } from '@/shared/classes/LabelClass';
import type { Answer, Question, Workbench } from './types';

/** The title of a question in the language of the page. */
export const titleOf = (question: Question, language: string): string =>
  question.titles?.[language] ?? question.title;

/** What an answer says, in words; of several questions, each by its title. */
export function useAnswerWords(data: Workbench | undefined): (answer: Answer) => string {
  const { t, i18n } = useTranslation('annotate');
  const { language } = i18n;
  return useMemo(() => {
    const indexOf = (classes: readonly LabelClass[]) => new ClassIndex(classes, language);
    const alone = indexOf(data?.classes ?? []);
    const several = new Map(
      data?.asked?.map(({ question, classes }) => [
        question.key,
        { title: titleOf(question, language), index: indexOf(classes) },
      ]),
    );
    const wordsOf = (answer: Answer, index: ClassIndex): string => {
      if (answer.kind === 'class') return answer.classes.map((key) => index.get(key)?.name ?? key).join(', ');
      if (answer.kind === 'skip') return t('skipped');
      if (answer.kind === 'shapes') return t('drawn', { count: answer.shapes.length });
      if (answer.kind === 'number') return String(answer.number);
      if (answer.kind === 'text') return answer.text;
      if (answer.kind !== 'answers') return t(answer.kind === 'none_of_these' ? 'none' : 'cannotTell');
      const order = [...several.keys()];
      return Object.entries(answer.answers)
        .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
        .map(([key, one]) => {
          const { title, index: own } = several.get(key) ?? { title: key, index: alone };
          return t('several.said', { title, words: wordsOf(one, own) });
        })
        .join(' · ');
    };
    return (answer) => wordsOf(answer, alone);
  }, [data, language, t]);
}
