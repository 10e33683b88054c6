import { useTranslation } from 'react-i18next';
import type { Action } from '@/actions/registry';
import { useActions } from '@/actions/useActions';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import type { AnswerHandlers } from './components/AnswerPanel';
import type { Stage } from './state/stage';
import type { Question } from './types';

interface Options {
  question: Question;
  index: ClassIndex;
  stage: Stage;
  skipping: boolean;
  on: AnswerHandlers & {
    previous: () => void;
    next: () => void;
    flag: () => void;
    comment: () => void;
    instructions: () => void;
    search: () => void;
  };
}

const ZOOM_STEP = 1.25;

/** The keys of the workbench, once: they work, they are in `?`, and they are in the palette. */
export function useWorkbenchActions({ question, index, stage, skipping, on }: Options): void {
  const { t } = useTranslation('annotate');
  const stamp = (event?: KeyboardEvent) => event?.timeStamp ?? performance.now();
  const make =
    (group: string, scope: string) =>
    (id: string, keys: string[], perform: Action['perform']): Action => ({
      id: `workbench.${id}`,
      title: t(`action.${id}`),
      group: t(`group.${group}`),
      scope,
      keys,
      perform,
      isEnabled: () => !skipping || scope === 'workbench',
    });
  const answer = make('answer', 'workbench.choice');
  const task = make('task', 'workbench');
  const view = make('view', 'workbench');
  const digits = index.entries
    .filter((entry) => entry.digit)
    .map((entry) => ({
      ...answer('class', [`Digit${entry.digit}`], (_source, event) => on.pick(entry.key, stamp(event))),
      id: `workbench.class.${entry.digit}`,
      title: entry.name,
      palette: false,
    }));
  useActions([
    ...digits,
    answer('search', ['Slash', 'key:/', 'KeyC'], on.search),
    ...(question.allow_none ? [answer('none', ['KeyN'], (_source, event) => on.none(stamp(event)))] : []),
    ...(question.allow_cannot_tell
      ? [answer('cannotTell', ['KeyT'], (_source, event) => on.cannotTell(stamp(event)))]
      : []),
    answer('submit', ['Enter'], (_source, event) => on.submit(stamp(event))),
    task('previous', ['KeyA', 'ArrowLeft'], on.previous),
    task('next', ['KeyD', 'ArrowRight'], on.next),
    ...(skipping ? [] : [task('skip', ['KeyX'], () => on.setSkipping(true))]),
    task('flag', ['KeyU'], on.flag),
    task('comment', ['Shift+KeyC'], on.comment),
    task('instructions', ['KeyI'], on.instructions),
    view('fit', ['KeyF'], () => stage.view?.fit()),
    view('actualSize', ['Mod+Digit0'], () => stage.view?.actualSize()),
    view('zoomIn', ['Equal', 'NumpadAdd', 'key:+'], () => stage.view?.zoom(ZOOM_STEP)),
    view('zoomOut', ['Minus', 'NumpadSubtract', 'key:-'], () => stage.view?.zoom(1 / ZOOM_STEP)),
  ]);
}
