import { useTranslation } from 'react-i18next';
import type { Action } from '@/actions/registry';
import { REVIEW_KEYS, reviewId } from '@/actions/reviewKeys';
import { useActions } from '@/actions/useActions';
import { PANS, WORKBENCH_KEYS, type WorkbenchKey } from '@/actions/workbenchKeys';
import { classActions } from '@/features/annotate/classActions';
import type { Timeline } from '@/features/annotate/undo/Timeline';
import { useUndoActions } from '@/features/annotate/undo/useUndoActions';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import type { ReviewEasel } from './fixing';

interface WayBack {
  easel: ReviewEasel;
  leave: () => void;
  timeline: Timeline;
  /** It is being sent. */
  busy: boolean;
}

interface Options extends WayBack {
  index: ClassIndex;
  pick: (key: string) => void;
  accept: () => void;
  search: () => void;
}

const ZOOM_STEP = 1.25;

function useMake() {
  const { t } = useTranslation('annotate');
  return (id: WorkbenchKey, perform: () => void, more: Partial<Action> = {}): Action => ({
    id: `workbench.${id}`,
    title: t(`action.${id}`),
    group: t(`group.${WORKBENCH_KEYS[id].group}`),
    scope: WORKBENCH_KEYS[id].scope,
    keys: WORKBENCH_KEYS[id].keys,
    perform,
    ...more,
  });
}

/** The keys of every correction: to look closer, to undo, and the way back. */
export function useWayBack({ easel, leave, timeline, busy }: WayBack): void {
  const { t } = useTranslation('review');
  const make = useMake();
  useUndoActions({ timeline, disabled: busy });
  useActions([
    {
      id: reviewId('leaveFix'),
      title: t('action.leaveFix'),
      group: t('title'),
      scope: 'workbench',
      keys: REVIEW_KEYS.leaveFix,
      perform: leave,
    },
    make('fit', () => easel.view?.fit()),
    make('actualSize', () => easel.view?.actualSize()),
    make('zoomIn', () => easel.view?.zoom(ZOOM_STEP), { repeats: true }),
    make('zoomOut', () => easel.view?.zoom(1 / ZOOM_STEP), { repeats: true }),
    ...PANS.map(([id, x, y]) => make(id, () => easel.view?.panBy(x, y), { repeats: true })),
  ]);
}

/** The keys of a correction by drawing: those of the workbench, also as a person has changed them. */
export function useFixActions({ index, pick, accept, search, ...way }: Options): void {
  const { t } = useTranslation('review');
  const { t: bench } = useTranslation('annotate');
  const make = useMake();
  useWayBack(way);
  useActions([
    ...classActions(index, bench('group.answer'), pick),
    make('submit', accept, { title: t('action.acceptFix'), group: t('title') }),
    make('search', search),
  ]);
}
