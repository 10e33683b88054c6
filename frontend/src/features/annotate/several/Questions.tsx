import {
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { ToolName } from '@/engine/tools/tool';
import { ClassIndex } from '@/shared/classes/ClassIndex';
import type { Easel, Table } from '../shapes/Desk';
import { isShapesQuestion } from '../shapes/question';
import type { Drawing } from '../shapes/useDrawing';
import type { Asked } from '../types';
import { useAnswerActions, useQuestionActions } from '../useWorkbenchActions';
import { QuestionBlock } from './QuestionBlock';
import styles from './Several.module.css';
import { ShapesAnswer, ShapesDesk } from './ShapesAnswer';
import type { KeptAs, Sheet } from './Sheet';

interface Props {
  asked: readonly Asked[];
  sheet: Sheet;
  session: Table;
  stage: Easel;
  search: RefObject<HTMLInputElement | null>;
  /** Where the tools stand; null where there is no room for a rail. */
  rail: HTMLElement | null;
  /** Nothing is on the table. */
  idle: boolean;
  readOnly: boolean;
  skipping: boolean;
  onSubmit: (stamp: number) => void;
  /** Both the same on every render. */
  keptAs?: KeptAs | undefined;
  tool?: ToolName | undefined;
}

/** Brings the cursor to the question that has the turn: into its field, onto the picture, or to the question itself. */
function useCursor(sheet: Sheet, panel: HTMLElement | null, host: HTMLElement | null, away: boolean): void {
  const { turn } = useSyncExternalStore(sheet.subscribe, sheet.snapshot);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn moves the cursor once
  useEffect(() => {
    if (away) return;
    const { active, into } = sheet.snapshot();
    const block = panel?.querySelector<HTMLElement>(`[data-question="${active}"]`);
    const field = into ? block?.querySelector<HTMLElement>('[data-cursor]:not(:disabled)') : null;
    const draws = sheet.question(active)?.kind === 'shapes';
    block?.scrollIntoView?.({ block: 'nearest' });
    (field ?? (draws && host ? host : block))?.focus({ preventScroll: true });
  }, [sheet, turn, panel, host, away]);
}

/** The questions that are asked now, one below the other, and the keys from one to the next. */
export function Questions(props: Props) {
  const { asked, sheet, session, stage, search, rail, idle, readOnly, skipping, onSubmit, keptAs, tool } =
    props;
  const { i18n } = useTranslation();
  const { language } = i18n;
  const state = useSyncExternalStore(sheet.subscribe, sheet.snapshot);
  const [panel, setPanel] = useState<HTMLElement | null>(null);
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  const indexes = useMemo(
    () => new Map(asked.map(({ question, classes }) => [question.key, new ClassIndex(classes, language)])),
    [asked, language],
  );
  const nobody = useMemo(() => new ClassIndex([], language), [language]);
  const shapesKeptAs = useMemo(() => keptAs && ((task: number) => keptAs(task, 'shapes')), [keptAs]);
  const disabled = idle || readOnly;
  const { active } = state;
  const index = indexes.get(active) ?? nobody;
  const host = stage.view?.canvas.parentElement ?? null;
  useCursor(sheet, panel, host, disabled || skipping);
  useAnswerActions({
    question: sheet.question(active) ?? null,
    index,
    skipping: skipping || disabled,
    on: {
      pick: (key) => sheet.pick(active, key, true),
      none: () => sheet.decline(active, 'none_of_these', true),
      cannotTell: () => sheet.decline(active, 'cannot_tell', true),
      submit: onSubmit,
      search: () => search.current?.focus(),
    },
  });
  useQuestionActions(skipping, (by) => void sheet.step(by));
  // Keys of classes that the tools must leave alone; the question for shapes has its own say.
  const draws = sheet.question(active)?.kind === 'shapes';
  const reserved = draws ? [] : index.entries.flatMap(({ hotkey }) => hotkey ?? []);

  const handleTab = (event: KeyboardEvent<HTMLElement>) => {
    const plain = event.key === 'Tab' && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (!plain || event.nativeEvent.isComposing || !(event.target instanceof HTMLElement)) return;
    // A list of shapes has a row of controls: there Tab leads on as anywhere.
    const own = event.target.closest<HTMLElement>('[data-question]');
    if (!own || sheet.question(own.dataset.question ?? '')?.kind === 'shapes') return;
    if (sheet.step(event.shiftKey ? -1 : 1)) event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Tab from question to question
    <div ref={setPanel} className={styles.sheet} onKeyDown={handleTab}>
      {asked.map(
        ({ question, classes }) =>
          isShapesQuestion(question) && (
            <ShapesDesk
              key={question.key}
              {...{ sheet, question, classes, session, stage, tool }}
              asked={state.asked.includes(question.key)}
              keptAs={shapesKeptAs}
              onDrawing={setDrawing}
            />
          ),
      )}
      {asked
        .filter(({ question }) => state.asked.includes(question.key))
        .map(({ question, classes }) => {
          const own = indexes.get(question.key) ?? index;
          return (
            <QuestionBlock
              key={question.key}
              sheet={sheet}
              question={question}
              index={own}
              part={state.parts[question.key]}
              gap={state.gaps[question.key]}
              active={active === question.key}
              disabled={disabled}
              search={search}
              onSubmit={onSubmit}
              drawing={
                isShapesQuestion(question) &&
                drawing?.desk && (
                  <ShapesAnswer
                    {...{ sheet, question, classes, stage, search, rail }}
                    {...{ idle, readOnly, skipping, reserved }}
                    {...drawing}
                    desk={drawing.desk}
                    index={own}
                  />
                )
              }
            />
          );
        })}
    </div>
  );
}
