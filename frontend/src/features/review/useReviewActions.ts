import { useTranslation } from 'react-i18next';
import { ANSWER_KEYS, answerKey, REVIEW_KEYS, type ReviewKeyName, reviewId } from '@/actions/reviewKeys';
import { useActions } from '@/actions/useActions';
import type { Answer, GivenAnswer, ReviewSchema } from './queries';

interface Options {
  schema: ReviewSchema;
  /** Those that count, in the order of their keys. */
  answers: readonly GivenAnswer[];
  leading: Answer | undefined;
  accept: (answer: Answer) => void;
  sendBack: (to: 'annotator' | 'pool') => void;
  fix: () => void;
  hideAll: () => void;
  go: (step: number) => void;
  /** Somebody corrects: the keys belong to the tools and to the questions. */
  away: boolean;
}

/** The keys of the review: one for each label, one for each outcome. */
export function useReviewActions(options: Options): void {
  const { t } = useTranslation('review');
  const { schema, answers, leading, accept, sendBack, fix, hideAll, go } = options;
  const { question } = schema.queue;
  const alone = !schema.asked?.length;
  const [allowNone, allowCannotTell] = [alone && question.allow_none, alone && question.allow_cannot_tell];
  const shared = { group: t('title'), scope: 'page' };
  const make = (name: ReviewKeyName, perform: () => void) => ({
    ...shared,
    id: reviewId(name),
    title: t(`action.${name}`),
    keys: REVIEW_KEYS[name],
    perform,
  });
  const actions = [
    ...(leading ? [make('accept', () => accept(leading))] : []),
    ...answers.slice(0, ANSWER_KEYS).map((given, at) => ({
      ...shared,
      ...answerKey(at + 1),
      title: t('action.answer', { who: given.pseudonym }),
      perform: () => accept(given.answer),
    })),
    make('fix', fix),
    make('return', () => sendBack('annotator')),
    make('pool', () => sendBack('pool')),
    ...(allowNone ? [make('none', () => accept({ kind: 'none_of_these' }))] : []),
    ...(allowCannotTell ? [make('cannotTell', () => accept({ kind: 'cannot_tell' }))] : []),
    make('hide', hideAll),
    make('next', () => go(1)),
    make('previous', () => go(-1)),
  ];
  useActions(options.away ? [] : actions);
}
