import { useTranslation } from 'react-i18next';
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
  const make = (id: string, keys: string[], perform: () => void, title = t(`action.${id}`)) => ({
    id: `review.${id}`,
    title,
    group: t('title'),
    scope: 'page',
    keys,
    perform,
  });
  const actions = [
    ...(leading ? [make('accept', ['Enter', 'KeyY'], () => accept(leading))] : []),
    ...answers
      .slice(0, 9)
      .map((given, at) =>
        make(
          `answer${at + 1}`,
          [`Digit${at + 1}`],
          () => accept(given.answer),
          t('action.answer', { who: given.pseudonym }),
        ),
      ),
    make('fix', ['KeyF', 'Slash', 'key:/', 'KeyC'], fix),
    make('return', ['KeyR'], () => sendBack('annotator')),
    make('pool', ['KeyP'], () => sendBack('pool')),
    ...(allowNone ? [make('none', ['KeyN'], () => accept({ kind: 'none_of_these' }))] : []),
    ...(allowCannotTell ? [make('cannotTell', ['KeyT'], () => accept({ kind: 'cannot_tell' }))] : []),
    make('hide', ['KeyH'], hideAll),
    make('next', ['KeyD', 'ArrowRight', 'ArrowDown'], () => go(1)),
    make('previous', ['KeyA', 'ArrowLeft', 'ArrowUp'], () => go(-1)),
  ];
  useActions(options.away ? [] : actions);
}
