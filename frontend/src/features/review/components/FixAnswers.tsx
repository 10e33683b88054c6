import { useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { paste } from '@/engine/commands';
import { shapesFromJson } from '@/engine/model/json';
import { Questions } from '@/features/annotate/several/Questions';
import type { Sheet } from '@/features/annotate/several/Sheet';
import { Standing } from '@/features/annotate/several/Standing';
import { useSheet } from '@/features/annotate/several/useSheet';
import type { Asked } from '@/features/annotate/types';
import { UndoButtons } from '@/features/annotate/undo/UndoButtons';
import { counted, shapesOf } from '../answers';
import { answersTable, asGiven, madeOfAnswers } from '../correcting';
import type { Answer, GivenAnswer } from '../queries';
import styles from '../ReviewPage.module.css';
import { useWayBack } from '../useFixActions';
import { FixFrame, type FixProps } from './FixFrame';
import { Starts } from './Starts';

interface Props extends FixProps {
  asked: readonly Asked[];
  nameOf: (answer: Answer) => string;
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
  const { restored, asked: asksNow } = useSyncExternalStore(sheet.subscribe, sheet.snapshot);
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
  const submit = () => sheet.whenStill(() => void accept());
  useWayBack({ easel, leave: onLeave, timeline: sheet.timeline, busy });
  const handleStart = (given: GivenAnswer) => {
    const answer = asGiven(given.answer);
    if (!answer) return;
    chosenStart.current = given.id;
    table.begin(given);
    const editor = sheet.desk?.editor;
    const { shapes } = shapesFromJson([...shapesOf(given.answer)]);
    // Another answer in the place of this one is taken back as one.
    sheet.timeline.together(() => {
      editor?.commit({ ...editor.document, shapes }, 'start', { selection: [] });
      sheet.begin(answer);
    });
  };
  const handleAdd = (given: GivenAnswer) => {
    const { desk } = sheet;
    if (!drawn || !asksNow.includes(drawn.question.key)) return;
    desk?.saidLeft(paste(desk.editor, shapesFromJson([...shapesOf(given.answer)]).shapes).left);
  };
  return (
    <FixFrame
      asked={t('parts.title')}
      warning={restored && bench('restored')}
      undoing={<UndoButtons timeline={sheet.timeline} disabled={busy} />}
      standing={<Standing sheet={sheet} />}
      {...{ busy, error, note, onNote, onLeave }}
      accept={submit}
    >
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
        onSubmit={submit}
      />
    </FixFrame>
  );
}
