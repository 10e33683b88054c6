import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { loadDraft, saveDraft } from '@/sync/drafts';
import { wholeOf } from '@/sync/pictures';
import * as grids from './state/grid';
import type { WorkSession } from './state/session';
import { EMPTY, isDraft } from './state/work';
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

  const restored = useRef(new Set<number>());
  useEffect(() => {
    for (const task of grid.page) {
      if (restored.current.has(task)) continue;
      restored.current.add(task);
      loadDraft(user, String(task))
        .then((draft) => {
          if (!isDraft(draft) || draft.classes.length === 0) return;
          const answer: Answer = { kind: 'class', classes: [...draft.classes] };
          setGrid((now) =>
            now.page.includes(task) && !now.marks.has(task)
              ? { ...now, marks: new Map(now.marks).set(task, answer) }
              : now,
          );
        })
        .catch(() => undefined);
    }
  }, [grid.page, user]);

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

  const mark = useCallback(
    (answers: ReadonlyMap<number, Answer | null>) => {
      // An answer to a picture that is not on the screen says nothing about it.
      const visible = new Map([...answers].filter(([task]) => shown.current.has(task)));
      setGrid((before) => grids.mark(before, visible));
      for (const [task, answer] of visible) {
        const classes = answer?.kind === 'class' ? answer.classes : [];
        saveDraft(user, String(task), { ...EMPTY, classes }).catch(() => undefined);
      }
    },
    [user],
  );
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
