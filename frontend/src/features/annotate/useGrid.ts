import { useQuery } from '@tanstack/react-query';
import {
  type Dispatch,
  type SetStateAction,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { changeDraft, loadDraft } from '@/sync/drafts';
import { wholeOf } from '@/sync/pictures';
import * as grids from './state/grid';
import type { WorkSession } from './state/session';
import { type Draft, EMPTY, isDraft } from './state/work';
import { suggestionsQuery } from './suggestions';
import type { Answer, Question, Tile } from './types';

interface Options {
  project: string;
  queue: string;
  user: string;
  session: WorkSession;
  question: Question;
  /** How many tasks make a page. */
  size: number;
  /** The answers of the model are shown. */
  asking: boolean;
  wordsOf: (answer: Answer) => string;
}

const answerIn = ({ classes, instead }: Draft): Answer | null => {
  if (classes.length > 0) return { kind: 'class', classes: [...classes] };
  return instead ? { kind: instead } : null;
};

function draftOf(comment: string, answer: Answer | undefined, flagged: boolean): Draft {
  const draft: Draft = { ...EMPTY, comment, flagged };
  if (answer?.kind === 'class') return { ...draft, classes: answer.classes };
  if (answer?.kind === 'none_of_these' || answer?.kind === 'cannot_tell')
    return { ...draft, instead: answer.kind };
  return draft;
}

const keyOf = (answer: Answer | null | undefined, flagged: boolean) =>
  JSON.stringify([answer ?? null, flagged]);
const NOTHING = keyOf(null, false);

/** Everything said on the page is in the browser's store as soon as it is said, and put back on the next visit. */
function useKept(user: string, grid: grids.Grid, setGrid: Dispatch<SetStateAction<grids.Grid>>): void {
  const asked = useRef(new Set<number>());
  const kept = useRef(new Map<number, string>());
  /** On its way from the store to the page. */
  const putBack = useRef(new Map<number, string>());
  useEffect(() => {
    const load = async (task: number) => {
      const found = await loadDraft(user, String(task));
      if (!isDraft(found)) return;
      const { flagged } = found;
      const answer = answerIn(found);
      if (keyOf(answer, flagged) === NOTHING || kept.current.has(task)) return;
      putBack.current.set(task, keyOf(answer, flagged));
      const said = { marks: new Map(answer && [[task, answer]]), flagged: new Set(flagged ? [task] : []) };
      setGrid((now) => grids.restore(now, said));
    };
    for (const task of grid.page) {
      if (asked.current.has(task)) continue;
      asked.current.add(task);
      load(task).catch(() => undefined);
    }
  }, [grid.page, user, setGrid]);
  useEffect(() => {
    for (const task of grid.page) {
      const answer = grid.marks.get(task);
      const flagged = grid.flagged.has(task);
      const key = keyOf(answer, flagged);
      if (key === (kept.current.get(task) ?? NOTHING)) continue;
      kept.current.set(task, key);
      const back = putBack.current.get(task);
      putBack.current.delete(task);
      if (key === back) continue;
      // A comment that was written beside the one picture stays with it.
      const change = (before: unknown) => draftOf(isDraft(before) ? before.comment : '', answer, flagged);
      changeDraft(user, String(task), change).catch(() => undefined);
    }
  }, [grid.page, grid.marks, grid.flagged, user]);
}

/** A page of tasks, what was said of them, and the way to the outbox. */
export function useGrid({ project, queue, user, session, question, size, asking, wordsOf }: Options) {
  const snapshot = useSyncExternalStore(session.subscribe, session.snapshot);
  const [grid, setGrid] = useState(grids.EMPTY_GRID);
  const shown = useRef(new Set<number>());
  /** What was on the screen when a person answered is told with the answer. */
  const seen = useRef(new Map<number, { model: string; classes: string[]; probability: number }>());
  const several = question.kind === 'multiple_choice';

  // The page being shown, and the next one at the ready.
  useEffect(() => session.hold(2 * size), [session, size]);
  useEffect(() => () => session.hold(), [session]);
  const ahead = useMemo(() => snapshot.ahead.map((work) => work.task), [snapshot.ahead]);
  useEffect(() => setGrid((before) => grids.fill(before, ahead, size)), [ahead, size]);

  const items = useMemo(
    () => new Map(snapshot.ahead.map((work) => [work.task, work.item])),
    [snapshot.ahead],
  );
  useEffect(() => {
    // The browser keeps what it has fetched: the next page is there when it comes.
    for (const work of snapshot.ahead.slice(size)) {
      const url = work.item.thumbnail_url ?? wholeOf(work.item);
      if (url) new Image().src = url;
    }
  }, [snapshot.ahead, size]);

  useKept(user, grid, setGrid);

  const { data: said } = useQuery(suggestionsQuery(project, queue, grid.page, asking));
  const suggestions = useMemo(
    () => new Map((asking ? (said?.results ?? []) : []).map((one) => [one.task, one])),
    [asking, said],
  );
  useEffect(() => {
    const model = said?.model?.id;
    if (model)
      for (const [task, { classes, probability }] of suggestions)
        seen.current.set(task, { model, classes, probability });
  }, [said, suggestions]);

  const mark = useCallback((answers: ReadonlyMap<number, Answer | null>) => {
    // An answer to a picture that is not on the screen says nothing about it.
    const visible = new Map([...answers].filter(([task]) => shown.current.has(task)));
    setGrid((before) => grids.mark(before, visible));
  }, []);
  const tiles = (tasks: readonly number[], answerOf: (task: number) => Answer | undefined): Tile[] =>
    tasks.flatMap((task) => {
      const answer = answerOf(task);
      if (!answer) return [];
      const suggestion = seen.current.get(task);
      const same =
        suggestion && answer.kind === 'class' && answer.classes.join() === suggestion.classes.join();
      const told = suggestion ? { suggestion: { ...suggestion, confirmed: Boolean(same) } } : {};
      return [{ task, answer, flagged: grid.flagged.has(task), words: wordsOf(answer), ...told }];
    });
  const targets = grids.targets(grid);
  return {
    snapshot,
    grid,
    setGrid,
    items,
    targets,
    suggestions,
    /** The model that is asked, or null when there is none for this question. */
    model: said?.model,
    onShown: (task: number) => shown.current.add(task),
    answer: (answer: Answer | null) => mark(new Map(targets.map((task) => [task, answer]))),
    pick: (key: string) => mark(grids.withClass(grid, targets, key, several, question.max_choices ?? null)),
    /** A person's own key makes the model's answer theirs. */
    confirm: () =>
      mark(
        new Map(
          targets.flatMap((task): [number, Answer][] => {
            const one = suggestions.get(task);
            return one ? [[task, { kind: 'class', classes: one.classes }]] : [];
          }),
        ),
      ),
    submit: () => session.submitTiles(tiles(grid.page, (task) => grid.marks.get(task))),
    skip: (reason: string) => session.submitTiles(tiles(targets, () => ({ kind: 'skip', reason }))),
  };
}

export type GridHandle = ReturnType<typeof useGrid>;
