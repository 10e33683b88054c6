import { Button, Group, Text } from '@mantine/core';
import { useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { paste } from '@/engine/commands';
import { shapesFromJson } from '@/engine/model/json';
import { KeyOf } from '@/features/annotate/components/KeyOf';
import { Questions } from '@/features/annotate/several/Questions';
import type { Sheet } from '@/features/annotate/several/Sheet';
import { Standing } from '@/features/annotate/several/Standing';
import { useSheet } from '@/features/annotate/several/useSheet';
import type { Asked } from '@/features/annotate/types';
import { FormProblem } from '@/shared/ui/FormProblem';
import { counted, shapesOf } from '../answers';
import { answersTable, asGiven, madeOfAnswers } from '../correcting';
import type { ReviewEasel } from '../fixing';
import type { Answer, Case, GivenAnswer } from '../queries';
import styles from '../ReviewPage.module.css';
import { useWayBack } from '../useFixActions';
import { Note } from './Note';
import { ReviewKey } from './ReviewKey';
import { Starts } from './Starts';

interface Props {
  one: Case;
  asked: readonly Asked[];
  nameOf: (answer: Answer) => string;
  easel: ReviewEasel;
  /** Where the tools stand; null where there is no room for a rail, or nothing to draw. */
  rail: HTMLElement | null;
  busy: boolean;
  error: unknown;
  note: string;
  /** Whose shapes are not shown behind. */
  hidden: ReadonlySet<number>;
  onHide: (id: number) => void;
  onNote: (note: string) => void;
  /** True when it is kept. */
  onAccept: (answer: Answer, from: number | null) => Promise<boolean>;
  onLeave: () => void;
}

/** The answers to several questions corrected with the sheet of the workbench, also where nobody differs. */
export function FixAnswers(props: Props) {
  // Here, so that no question comes late because of its words.
  useTranslation(['annotate', 'fields', 'shapes']);
  // The case as it was when the correction began.
  const [table] = useState(() => answersTable(props.one));
  const sheet = useSheet({ asked: props.asked, session: table.session, keptAs: table.keptAs });
  if (!sheet) return <section className={styles.fixing} aria-busy="true" />;
  return <Fixing {...props} sheet={sheet} table={table} />;
}

function Fixing(props: Props & { sheet: Sheet; table: ReturnType<typeof answersTable> }) {
  const { one, asked, nameOf, easel, rail, sheet, table, busy, error, note, hidden } = props;
  const { onAccept, onLeave, onHide, onNote } = props;
  const { t } = useTranslation('review');
  const { t: bench } = useTranslation('annotate');
  const { restored } = useSyncExternalStore(sheet.subscribe, sheet.snapshot);
  const search = useRef<HTMLInputElement>(null);
  const chosenStart = useRef(table.from);
  const drawn = asked.find(({ question }) => question.kind === 'shapes');

  const accept = async () => {
    const answer = busy ? null : sheet.collect();
    if (!answer) return;
    const { desk } = sheet;
    const task = one.item.id;
    const questions = asked.map(({ question }) => question);
    sheet.sending();
    desk?.sending();
    const kept = await onAccept(answer, madeOfAnswers(one, questions, answer, chosenStart.current));
    await Promise.all([sheet.settled(task, kept), desk?.settled(task, kept)]);
  };
  useWayBack({ easel, leave: onLeave });
  const handleStart = (given: GivenAnswer) => {
    const answer = asGiven(given.answer);
    if (!answer) return;
    chosenStart.current = given.id;
    table.begin(given);
    const editor = sheet.desk?.editor;
    const { shapes } = shapesFromJson([...shapesOf(given.answer)]);
    editor?.commit({ ...editor.document, shapes }, 'start', { selection: [] });
    sheet.begin(answer);
  };
  const handleAdd = (given: GivenAnswer) => {
    const { desk } = sheet;
    desk?.saidLeft(paste(desk.editor, shapesFromJson([...shapesOf(given.answer)]).shapes).left);
  };
  return (
    <section className={styles.fixing} aria-label={t('fixing.title')}>
      <div className={styles.head}>
        <Text fw={600}>{t('fixing.title')}</Text>
        <Text size="xs" c="dimmed">
          {t('parts.title')}
        </Text>
        {restored && (
          <Text size="xs" c="var(--ts-warning)">
            {bench('restored')}
          </Text>
        )}
      </div>
      <Starts
        answers={counted(one)}
        nameOf={nameOf}
        draws={drawn !== undefined}
        hidden={hidden}
        disabled={busy}
        onHide={onHide}
        onStart={handleStart}
        onAdd={handleAdd}
      />
      <Questions
        {...{ asked, sheet, search, rail }}
        session={table.session}
        stage={easel}
        idle={false}
        readOnly={busy}
        skipping={false}
        keptAs={table.keptAs}
        tool="select"
        onSubmit={() => void accept()}
      />
      <div className={styles.foot}>
        <Standing sheet={sheet} />
        <FormProblem error={error} />
        <Note note={note} onNote={onNote} />
        <Group grow gap="xs">
          <Button
            size="xs"
            loading={busy}
            rightSection={<KeyOf action="submit" />}
            onClick={() => void accept()}
          >
            {t('fixing.accept')}
          </Button>
          <Button size="xs" variant="default" rightSection={<ReviewKey name="leaveFix" />} onClick={onLeave}>
            {t('fixing.leave')}
          </Button>
        </Group>
      </div>
    </section>
  );
}
