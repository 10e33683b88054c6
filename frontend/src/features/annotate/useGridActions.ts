import { useTranslation } from 'react-i18next';
import type { Action } from '@/actions/registry';
import { useActions } from '@/actions/useActions';
import { WORKBENCH_KEYS, type WorkbenchKey } from '@/actions/workbenchKeys';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import { classActions } from './classActions';
import * as grids from './state/grid';
import type { Question } from './types';
import type { GridHandle } from './useGrid';

interface Options {
  question: Question;
  index: ClassIndex;
  handle: GridHandle;
  columns: number;
  skipping: boolean;
  setSkipping: (skipping: boolean) => void;
  mayAsk: boolean;
  toggleAsking: () => void;
  search: () => void;
  instructions: () => void;
  leave: () => void;
  submit: () => void;
}

const REPEATING = /^grid(Left|Right|Up|Down|Extend)/;

/** The keys of the grid: what answers in the stream answers here, for the whole selection. */
export function useGridActions(options: Options): void {
  const { question, index, handle, columns, skipping, setSkipping, mayAsk } = options;
  const { t } = useTranslation('annotate');
  const { setGrid, targets } = handle;
  const make = (id: WorkbenchKey, perform: Action['perform']): Action => {
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
  const go = (id: WorkbenchKey, by: number, extend = false) =>
    make(id, () => setGrid((grid) => grids.move(grid, by, extend)));
  const pick = (key: string) => handle.pick(key);
  useActions([
    ...classActions(index, t('group.answer'), pick, () => !skipping),
    make('search', options.search),
    ...(question.allow_none ? [make('none', () => handle.answer({ kind: 'none_of_these' }))] : []),
    ...(question.allow_cannot_tell ? [make('cannotTell', () => handle.answer({ kind: 'cannot_tell' }))] : []),
    make('submit', options.submit),
    ...(skipping ? [] : [make('skip', () => targets.length > 0 && setSkipping(true))]),
    make('flag', () => setGrid((grid) => grids.flag(grid, targets))),
    make('instructions', options.instructions),
    make('grid', options.leave),
    go('gridLeft', -1),
    go('gridRight', 1),
    go('gridUp', -columns),
    go('gridDown', columns),
    go('gridExtendLeft', -1, true),
    go('gridExtendRight', 1, true),
    go('gridExtendUp', -columns, true),
    go('gridExtendDown', columns, true),
    make('gridToggle', () => setGrid((grid) => grids.toggle(grid, grid.cursor))),
    make('gridAll', () => setGrid((grid) => grids.select(grid, grid.page))),
    make('gridNone', () => setGrid((grid) => grids.select(grid, []))),
    make('gridClear', () => handle.answer(null)),
    make('undo', () => setGrid(grids.undo)),
    make('redo', () => setGrid(grids.redo)),
    ...(mayAsk ? [make('gridConfirm', handle.confirm), make('gridAsk', options.toggleAsking)] : []),
  ]);
}
