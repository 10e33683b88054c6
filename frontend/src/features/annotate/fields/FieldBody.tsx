import { Textarea, TextInput } from '@mantine/core';
import {
  type KeyboardEvent,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { useTranslation } from 'react-i18next';
import { useUser } from '@/shared/hooks/useSession';
import { deleteDraft, loadDraft, saveDraft } from '@/sync/drafts';
import { AnswerPanel } from '../components/AnswerPanel';
import type { BodyKeys } from '../shapes/bodyKeys';
import type { BodyProps } from '../shapes/ShapeBody';
import type { Answer } from '../types';
import { type Timeline, timelineOf } from '../undo/Timeline';
import { useFieldUndo } from '../undo/useFieldUndo';
import { type FieldFault, type FieldQuestion, isFieldQuestion, readField, typedOf } from './checkField';
import { useFaultWords } from './useFaultWords';

const REST_MS = 400;
/** Beside the draft of the session, which has comment and flag of the same task. */
const keyOf = (task: number): string => `${task}:typed`;

/** The body of the workbench for a question that is answered by typing a number or a text. */
export function FieldBody(props: BodyProps) {
  const { question } = props.data.queue;
  if (!isFieldQuestion(question)) throw new Error('This question is not answered by typing.');
  const { current } = props.snapshot;
  return <Field key={`${current?.task}.${current?.revision}`} {...props} question={question} />;
}

/** What is typed, kept in the browser when the hand rests and put back on the next visit. */
function useTyped(user: string, task: number | null, given: Answer | null, timeline: Timeline) {
  const [typed, setTyped] = useState(() => typedOf(given));
  const touched = useRef(false);
  const sent = useRef(false);
  useEffect(() => {
    if (task === null) return;
    void loadDraft(user, keyOf(task))
      .then((kept) => typeof kept === 'string' && !touched.current && setTyped(kept))
      .catch(() => undefined);
  }, [user, task]);
  useEffect(() => {
    if (task === null || !touched.current) return;
    const keep = () => {
      if (!sent.current) saveDraft(user, keyOf(task), typed).catch(() => undefined);
    };
    const timer = setTimeout(keep, REST_MS);
    // Whoever closes the tab with the last letter finds it again.
    window.addEventListener('pagehide', keep);
    document.addEventListener('visibilitychange', keep);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pagehide', keep);
      document.removeEventListener('visibilitychange', keep);
      keep();
    };
  }, [user, task, typed]);
  const type = (text: string) => {
    touched.current = true;
    setTyped(text);
    timeline.did({ merge: 'type', undo: () => setTyped(typed), redo: () => setTyped(text) });
  };
  return { typed, type, sent };
}

function Field(props: BodyProps & { question: FieldQuestion }) {
  const { session, stage, snapshot, skipping, on, keys, question } = props;
  const { t, i18n } = useTranslation('fields');
  const { current, readOnly } = snapshot;
  const user = String(useUser().id);
  const picture = useSyncExternalStore(stage.subscribe, stage.picture);
  const timeline = timelineOf(session);
  const { typed, type, sent } = useTyped(user, current?.task ?? null, current?.given ?? null, timeline);
  const undo = useFieldUndo(timeline);
  const [fault, setFault] = useState<FieldFault | null>(null);
  const faultWords = useFaultWords(question);
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const ready = picture === 'shown' && !readOnly && current !== null;
  useEffect(() => {
    if (ready && !skipping) field.current?.focus();
  }, [ready, skipping]);

  const give = async (answer: Answer, stamp: number) => {
    if (!ready || !current) return;
    stage.timer.begin(stamp);
    on.setSkipping(false);
    sent.current = true;
    const words = typedOf(answer) || t(answer.kind);
    if (await session.submit(answer, words))
      await deleteDraft(user, keyOf(current.task)).catch(() => undefined);
    else sent.current = false;
  };
  const submit = (stamp: number) => {
    const read = readField(question, typed);
    if (typeof read === 'string') setFault(read);
    else void give(read, stamp);
  };
  const handlers: BodyKeys = {
    pick: () => undefined,
    submit,
    none: (stamp) => void give({ kind: 'none_of_these' }, stamp),
    cannotTell: (stamp) => void give({ kind: 'cannot_tell' }, stamp),
  };
  useImperativeHandle(keys, () => handlers);

  const handleKey = (event: KeyboardEvent<HTMLElement>) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229 || undo.take(event)) return;
    if (event.key === 'Escape') field.current?.blur();
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    submit(event.timeStamp);
  };
  const shared = {
    ref: field,
    value: typed,
    disabled: !ready,
    'aria-label': question.titles?.[i18n.language] ?? question.title,
    autoComplete: 'off',
    error: fault && faultWords(fault),
    onFocus: undo.onFocus,
    onChange: (event: { currentTarget: { value: string } }) => {
      setFault(null);
      undo.onTyped();
      type(event.currentTarget.value);
    },
    onKeyDown: handleKey,
  };
  return (
    <AnswerPanel
      {...props}
      question={question}
      auto={false}
      hint={t(`hint.${question.kind}`)}
      noneLabel={t('none_of_these')}
      ready={ready}
      on={{ ...on, ...handlers }}
    >
      <div style={{ flex: 1, padding: '0 12px', overflowY: 'auto' }}>
        {question.kind === 'number' ? (
          <TextInput {...shared} inputMode="decimal" rightSection={question.unit} rightSectionWidth={56} />
        ) : (
          <Textarea {...shared} autosize minRows={3} maxRows={12} />
        )}
      </div>
    </AnswerPanel>
  );
}
