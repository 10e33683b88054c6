import type { ImageEngine } from '@/engine/engine';
import type { PictureState } from '@/features/annotate/state/stage';
import type { Answer as GivenBack } from '@/features/annotate/types';
import { counted, optionsOf, shapesOf } from './answers';
import type { Case } from './queries';

/** What a correction by drawing needs beside a desk: the picture, the case as its task, and whose answer it starts from. */

/** The picture of the review, for whoever draws on it. */
export class ReviewEasel {
  view: ImageEngine | null = null;
  private state: PictureState = 'none';
  private readonly listeners = new Set<() => void>();

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  picture = (): PictureState => this.state;

  set(view: ImageEngine | null, state: PictureState): void {
    if (view === this.view && state === this.state) return;
    this.view = view;
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}

/** The case as a desk sees it: one task, whose answer is what the correction starts from. */
export function tableOf(one: Case, given: GivenBack) {
  const current = {
    lease: '',
    task: one.item.id,
    item: one.item,
    revision: 0,
    given,
    editableUntil: null,
  };
  return { onCurrent: () => () => undefined, snapshot: () => ({ current }) };
}

/** Where a correction begins, and the id of the answer it is; null for one that nobody gave as it is. */
export interface Start {
  from: number | null;
  shapes: readonly unknown[];
}

/** What the case was settled with, else the shapes of the answer that leads, else of the first who drew any. */
export function startOf(one: Case): Start {
  if (one.answer) return { from: one.fixed_from, shapes: shapesOf(one.answer) };
  const given = [...optionsOf(one).flatMap((option) => option.given), ...counted(one)];
  const drawn = given.find(({ answer }) => shapesOf(answer).length > 0) ?? given[0];
  return { from: drawn?.id ?? null, shapes: drawn ? shapesOf(drawn.answer) : [] };
}

const idsOf = (shapes: readonly unknown[]): Set<string> =>
  new Set(shapes.flatMap((shape) => ((shape as { id?: string }).id ?? []) as string | string[]));

/**
 * Whose answer a corrected one was made of: of all that count the one that shares most shapes with it, whatever was chosen,
 * undone and chosen again on the way. `chosen` breaks a tie. Null where nothing of anybody's is left.
 */
export function madeOf(one: Case, shapes: readonly unknown[], chosen: number | null): number | null {
  const ids = idsOf(shapes);
  const shared = counted(one).map(({ id, answer }) => ({
    id,
    n: [...idsOf(shapesOf(answer))].filter((shape) => ids.has(shape)).length,
  }));
  const most = Math.max(0, ...shared.map(({ n }) => n));
  const best = shared.filter(({ n }) => n === most);
  if (most === 0) return null;
  return best.find(({ id }) => id === chosen)?.id ?? best[0]?.id ?? null;
}

export const keptAs = (one: Case): string => `review:${one.id}:shapes`;
