import { useTranslation } from 'react-i18next';
import type { Action } from '@/actions/registry';
import { useActions } from '@/actions/useActions';
import { PANS, WORKBENCH_KEYS, type WorkbenchKey } from '@/actions/workbenchKeys';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import { classActions } from './classActions';
import type { AnswerHandlers } from './components/AnswerPanel';
import type { Stage } from './state/stage';
import type { Question } from './types';

interface Options {
  stage: Stage;
  /** A text or a record is on the table. */
  written: boolean;
  skipping: boolean;
  on: Pick<AnswerHandlers, 'setSkipping'> & {
    previous: () => void;
    next: () => void;
    flag: () => void;
    comment: () => void;
    instructions: () => void;
    grid: (() => void) | null;
  };
}

interface AnswerOptions {
  /** Null where another part of the page answers. */
  question: Question | null;
  index: ClassIndex;
  skipping: boolean;
  on: Pick<AnswerHandlers, 'pick' | 'none' | 'cannotTell' | 'submit'> & { search: () => void };
}

const ZOOM_STEP = 1.25;
/** A little of what was seen stays, so that the eye finds its place. */
const PAGE = 0.9;
const REPEATING = /^(zoom|pan|scroll)/;

const stamp = (event?: KeyboardEvent) => event?.timeStamp ?? performance.now();

function useMake(skipping: boolean) {
  const { t } = useTranslation('annotate');
  return (id: WorkbenchKey, perform: Action['perform']): Action => {
    const { group, scope, keys } = WORKBENCH_KEYS[id];
    return {
      id: `workbench.${id}`,
      title: t(`action.${id}`),
      group: t(`group.${group}`),
      scope,
      keys,
      perform,
      repeats: REPEATING.test(id),
      isEnabled: () => !skipping || scope === 'workbench',
    };
  };
}

/** The keys that answer a question: of several, the one that has the focus. */
export function useAnswerActions({ question, index, skipping, on }: AnswerOptions): void {
  const { t } = useTranslation('annotate');
  const make = useMake(skipping);
  const pick = (key: string, event?: KeyboardEvent) => on.pick(key, stamp(event));
  const actions = [
    ...classActions(index, t('group.answer'), pick, () => !skipping),
    make('search', on.search),
    ...(question?.allow_none ? [make('none', (_source, event) => on.none(stamp(event)))] : []),
    ...(question?.allow_cannot_tell
      ? [make('cannotTell', (_source, event) => on.cannotTell(stamp(event)))]
      : []),
    make('submit', (_source, event) => on.submit(stamp(event))),
  ];
  useActions(question ? actions : []);
}

/** The keys from question to question, where there are several. */
export function useQuestionActions(skipping: boolean, step: (by: 1 | -1) => void): void {
  const make = useMake(skipping);
  useActions([make('nextQuestion', () => step(1)), make('previousQuestion', () => step(-1))]);
}

/** The keys of the workbench, once: they work, they are in `?`, and they are in the palette. */
export function useWorkbenchActions({ stage, written, skipping, on }: Options): void {
  const make = useMake(skipping);
  const turn = (id: WorkbenchKey, share: number): Action => ({
    ...make(id, () => stage.scroll(share)),
    isEnabled: () => stage.content() !== null,
  });
  useActions([
    make('previous', on.previous),
    make('next', on.next),
    ...(skipping ? [] : [make('skip', () => on.setSkipping(true))]),
    make('flag', on.flag),
    make('comment', on.comment),
    make('instructions', on.instructions),
    ...(on.grid ? [make('grid', on.grid)] : []),
    make('fit', () => stage.fit()),
    ...(written ? [] : [make('actualSize', () => stage.view?.actualSize())]),
    make('zoomIn', () => stage.zoom(ZOOM_STEP)),
    make('zoomOut', () => stage.zoom(1 / ZOOM_STEP)),
    ...(written ? [] : PANS.map(([id, x, y]) => make(id, () => stage.view?.panBy(x, y)))),
    turn('scrollDown', PAGE),
    turn('scrollUp', -PAGE),
  ]);
}
