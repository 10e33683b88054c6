import { useTranslation } from 'react-i18next';
import type { Action } from '@/actions/registry';
import { useActions } from '@/actions/useActions';
import { WORKBENCH_KEYS, type WorkbenchKey } from '@/actions/workbenchKeys';
import { classActions } from '@/features/annotate/classActions';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import type { ReviewEasel } from './fixing';

interface Options {
  index: ClassIndex;
  easel: ReviewEasel;
  pick: (key: string) => void;
  accept: () => void;
  leave: () => void;
  search: () => void;
}

const ZOOM_STEP = 1.25;

/** The keys of a correction: those of the workbench, also as a person has changed them, and the way back. */
export function useFixActions({ index, easel, pick, accept, leave, search }: Options): void {
  const { t } = useTranslation('review');
  const { t: bench } = useTranslation('annotate');
  const make = (id: WorkbenchKey, perform: () => void, more: Partial<Action> = {}): Action => ({
    id: `workbench.${id}`,
    title: bench(`action.${id}`),
    group: bench(`group.${WORKBENCH_KEYS[id].group}`),
    scope: WORKBENCH_KEYS[id].scope,
    keys: WORKBENCH_KEYS[id].keys,
    perform,
    ...more,
  });
  useActions([
    ...classActions(index, bench('group.answer'), pick),
    make('submit', accept, { title: t('action.acceptFix'), group: t('title') }),
    {
      id: 'review.leaveFix',
      title: t('action.leaveFix'),
      group: t('title'),
      scope: 'workbench',
      keys: ['KeyQ'],
      perform: leave,
    },
    make('search', search),
    make('fit', () => easel.view?.fit()),
    make('actualSize', () => easel.view?.actualSize()),
    make('zoomIn', () => easel.view?.zoom(ZOOM_STEP), { repeats: true }),
    make('zoomOut', () => easel.view?.zoom(1 / ZOOM_STEP), { repeats: true }),
  ]);
}
