import { Button, Text } from '@mantine/core';
import { type KeyboardEvent, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { ClassIndex } from '@/shared/classes/ClassIndex';
import { useUser } from '@/shared/hooks/useSession';
import { KeyOf } from '../components/KeyOf';
import { PanelFrame } from '../components/PanelFrame';
import { isShapesQuestion, pathsOf } from '../shapes/question';
import type { BodyProps } from '../shapes/ShapeBody';
import type { Asked } from '../types';
import { useAnswerWords } from '../useAnswerWords';
import { useAnswerActions, useQuestionActions } from '../useWorkbenchActions';
import { QuestionBlock } from './QuestionBlock';
import styles from './Several.module.css';
import { ShapesAnswer } from './ShapesAnswer';
import { Sheet } from './Sheet';

interface Props extends Omit<BodyProps, 'keys' | 'index'> {
  asked: readonly Asked[];
}

/** The sheet of one sitting. */
function useSheet({ asked, session }: Props): Sheet | null {
  const user = String(useUser().id);
  const [sheet, setSheet] = useState<Sheet | null>(null);
  useEffect(() => {
    const questions = asked.map(({ question, classes }) => ({ question, above: pathsOf(classes) }));
    const next = new Sheet({ user, questions, session });
    next.start();
    setSheet(next);
    return () => next.stop();
  }, [user, asked, session]);
  return sheet;
}

/** The body of the workbench for several questions about one item. */
export function SeveralBody(props: Props) {
  // Here, so that no question comes late because of its words.
  useTranslation(['fields', 'shapes']);
  const sheet = useSheet(props);
  return sheet && <Panel {...props} sheet={sheet} />;
}

/** Brings the cursor to the question that has the turn: into its field, onto the picture, or to the question itself. */
function useCursor(sheet: Sheet, panel: HTMLElement | null, host: HTMLElement | null, away: boolean): void {
  const { turn } = useSyncExternalStore(sheet.subscribe, sheet.snapshot);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn moves the cursor once
  useEffect(() => {
    if (away) return;
    const { active } = sheet.snapshot();
    const block = panel?.querySelector<HTMLElement>(`[data-question="${active}"]`);
    const field = block?.querySelector<HTMLElement>('[data-cursor]:not(:disabled)');
    const draws = sheet.question(active)?.kind === 'shapes';
    block?.scrollIntoView?.({ block: 'nearest' });
    (field ?? (draws && host ? host : block))?.focus({ preventScroll: true });
  }, [sheet, turn, panel, host, away]);
}

function Panel(props: Props & { sheet: Sheet }) {
  const { asked, data, session, stage, snapshot, skipping, search, rail, on, sheet } = props;
  const { t, i18n } = useTranslation('annotate');
  const state = useSyncExternalStore(sheet.subscribe, sheet.snapshot);
  const picture = useSyncExternalStore(stage.subscribe, stage.picture);
  const [panel, setPanel] = useState<HTMLElement | null>(null);
  const wordsOf = useAnswerWords(data);
  const indexes = useMemo(
    () =>
      new Map(asked.map(({ question, classes }) => [question.key, new ClassIndex(classes, i18n.language)])),
    [asked, i18n.language],
  );
  const { current, readOnly } = snapshot;
  const disabled = !current || readOnly;
  const { active } = state;
  const index = indexes.get(active) ?? new ClassIndex([], i18n.language);
  const host = stage.view?.canvas.parentElement ?? null;
  useCursor(sheet, panel, host, disabled || skipping);

  const submit = async (stamp: number) => {
    // An answer to a picture that is not on the screen says nothing about it.
    if (!current || readOnly || picture !== 'shown') return;
    const answer = sheet.collect();
    if (!answer) return;
    stage.timer.begin(stamp);
    on.setSkipping(false);
    const { desk } = sheet;
    sheet.sending();
    desk?.sending();
    const stored = await session.submit(answer, wordsOf(answer));
    await Promise.all([sheet.settled(current.task, stored), desk?.settled(current.task, stored)]);
  };
  useAnswerActions({
    question: sheet.question(active) ?? null,
    index,
    skipping: skipping || disabled,
    on: {
      pick: (key) => sheet.pick(active, key, true),
      none: () => sheet.decline(active, 'none_of_these', true),
      cannotTell: () => sheet.decline(active, 'cannot_tell', true),
      submit: (stamp) => void submit(stamp),
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
  const missing = state.asked.filter((key) => !sheet.isAnswered(key)).length;
  const gaps = Object.keys(state.gaps).length;
  return (
    <PanelFrame
      {...props}
      title={t('several.title')}
      hint={t('several.hint')}
      restored={snapshot.restored || state.restored}
      footer={
        <>
          <Text size="xs" c="dimmed" role="status" data-testid="answered">
            {t('several.answered', { n: state.asked.length - missing, count: state.asked.length })}
          </Text>
          {gaps > 0 && (
            <Text size="xs" c="var(--ts-warning)" fw={500} role="alert">
              {t('several.gaps', { count: gaps })}
            </Text>
          )}
          <Button
            disabled={disabled || picture !== 'shown'}
            variant={missing > 0 ? 'default' : 'filled'}
            onClick={(event) => void submit(event.timeStamp)}
            rightSection={<KeyOf action="submit" />}
          >
            {snapshot.back > 0 ? t('submitAgain') : t('submit')}
          </Button>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Tab from question to question */}
      <div ref={setPanel} className={styles.sheet} onKeyDown={handleTab}>
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
                onSubmit={(stamp) => void submit(stamp)}
                drawing={
                  isShapesQuestion(question) && (
                    <ShapesAnswer
                      {...{
                        sheet,
                        question,
                        classes,
                        session,
                        stage,
                        search,
                        rail,
                        readOnly,
                        skipping,
                        reserved,
                      }}
                      index={own}
                      idle={!current}
                    />
                  )
                }
              />
            );
          })}
      </div>
    </PanelFrame>
  );
}
