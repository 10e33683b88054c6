import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { isShapesQuestion } from '@/features/annotate/shapes/question';
import { ClassIndex } from '@/shared/classes/ClassIndex';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { confirm } from '@/shared/ui/confirm';
import { uuid } from '@/shared/uuid';
import { wholeOf } from '@/sync/pictures';
import { counted, doubtful, optionsOf, sendable } from '../answers';
import { layersOf } from '../colours';
import { ReviewEasel } from '../fixing';
import { type Answer, type Case, type ReviewSchema, schemaOfQueueQuery, sendBack, settle } from '../queries';
import styles from '../ReviewPage.module.css';
import { useAnswerName } from '../useAnswerName';
import { useReviewActions } from '../useReviewActions';
import { useUnsaid } from '../useUnsaid';
import { CaseList } from './CaseList';
import { CasePanel } from './CasePanel';
import { ItemView, type Pin } from './ItemView';
import { type ReturnDraft, ReturnPanel } from './ReturnPanel';

/** The tools come when somebody takes them. */
const FixShapes = lazy(() => import('./FixShapes').then((m) => ({ default: m.FixShapes })));
const FixAnswers = lazy(() => import('./FixAnswers').then((m) => ({ default: m.FixAnswers })));

interface Props {
  project: string;
  cases: readonly Case[];
  one: Case;
  schema: ReviewSchema;
  onEnd: () => void;
}

/** The question has changed while this page was open, or what was sent never fitted. */
const UNFIT = ['unknown-class', 'unusable-answer'];
const MEANWHILE = ['already-settled', 'already-returned'];

/** Pictures that come next are fetched while one looks at this one. */
function useAhead(cases: readonly Case[], at: number): void {
  useEffect(() => {
    for (const next of cases.slice(at + 1, at + 4)) {
      const whole = wholeOf(next.item);
      if (whole) new Image().src = whole;
    }
  }, [cases, at]);
}

const toggled = (set: ReadonlySet<number>, id: number): ReadonlySet<number> =>
  new Set(set.has(id) ? [...set].filter((other) => other !== id) : [...set, id]);

type Pages = { pages: { results: Case[]; next: string | null }[] };

/** The list keeps its order: what is done gets a mark instead of going away under the hand. */
function useKeep(project: string): (changed: Case) => void {
  const client = useQueryClient();
  return (changed) => {
    client.setQueriesData<Pages>(
      { queryKey: ['review', project] },
      (data) =>
        data && {
          ...data,
          pages: data.pages.map((page) => ({
            ...page,
            results: page.results.map((other) => (other.id === changed.id ? changed : other)),
          })),
        },
    );
    void client.invalidateQueries({ queryKey: ['queues', project] });
    void client.invalidateQueries({ queryKey: ['review-plan', project, changed.queue] });
  };
}

/** Everything that is sent goes with it: the page may be at another case by the time the network takes it. */
interface Settled {
  one: Case;
  note: string;
  answer: Answer;
  from: number | null;
  replace: boolean;
}

/** Settles a case; asks before it takes the place of what somebody else did. True when it is done. */
function useSettling(project: string, one: Case, note: string, onDone: (changed: Case) => void) {
  const { t } = useTranslation('review');
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: ({ one: { id }, answer, from, ...rest }: Settled) =>
      settle(project, id, { answer: sendable(answer), fixed_from: from, ...rest }),
    onSuccess: onDone,
    onError: (error, { one: { queue } }) => {
      if (UNFIT.includes(asProblem(error).code))
        void client.invalidateQueries({ queryKey: schemaOfQueueQuery(project, queue).queryKey });
    },
  });
  const attempt = async (settled: Settled): Promise<boolean> => {
    try {
      await save.mutateAsync(settled);
      return true;
    } catch (error) {
      if (settled.replace || !MEANWHILE.includes(asProblem(error).code)) return false;
      const text = asProblem(error).message;
      const again = await confirm({ title: t('meanwhileTitle'), text, verb: t('replace') });
      return again && attempt({ ...settled, replace: true });
    }
  };
  const settling = async (answer: Answer, from: number | null): Promise<boolean> => {
    const replace = one.state !== 'open';
    if (replace) {
      const text = t(one.state === 'returned' ? 'recallText' : 'replaceText');
      if (!(await confirm({ title: t('replaceTitle'), text, verb: t('replace') }))) return false;
    }
    return attempt({ one, note, answer, from, replace });
  };
  // Keys that waited for a shape come all at once, before the page knows that it is busy.
  const underWay = useRef(false);
  const start = async (answer: Answer, from: number | null = null): Promise<boolean> => {
    if (underWay.current) return false;
    underWay.current = true;
    return settling(answer, from).finally(() => {
      underWay.current = false;
    });
  };
  const own = save.variables?.one.id === one.id;
  const shown = own && save.error && !MEANWHILE.includes(asProblem(save.error).code) ? save.error : null;
  return { start, error: shown, reset: save.reset, isPending: save.isPending };
}

/** The case and the key of idempotency with it. */
type Returning = ReturnDraft & { case: string; key: string };

export function Reviewing({ project, cases, one, schema, onEnd }: Props) {
  const { t, i18n } = useTranslation('review');
  const [, setCurrent] = useUrlState('case', '');
  const { said, change: write, forget } = useUnsaid(one);
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const [fixing, setFixing] = useState<{ case: string; hidden: ReadonlySet<number> } | null>(null);
  const [easel] = useState(() => new ReviewEasel());
  const [rail, setRail] = useState<HTMLElement | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const keep = useKeep(project);
  const index = useMemo(() => new ClassIndex(schema.classes, i18n.language), [schema, i18n.language]);
  const nameOf = useAnswerName(schema, index);
  const at = cases.findIndex((other) => other.id === one.id);
  const note = said.note ?? one.note;
  const answers = counted(one);
  const returning = said.returning ?? null;
  const { question } = schema.queue;
  const asked = schema.asked?.length ? schema.asked : null;
  const drawable = (asked?.map((other) => other.question) ?? [question]).find(isShapesQuestion);
  const drawn = one.item.kind === 'image' ? (drawable ?? null) : null;
  const mending = (asked || drawn) && !returning && fixing?.case === one.id ? fixing : null;
  useAhead(cases, at);

  const open = (step: number) => {
    const next = cases[at + step];
    if (next) setCurrent(next.id);
    if (at + step >= cases.length - 5) onEnd();
  };
  const openNext = () => {
    const ahead = cases.slice(at + 1).find((other) => other.state === 'open');
    const other = ahead ?? cases.find((two) => two.state === 'open' && two.id !== one.id);
    if (other) setCurrent(other.id);
    if (at >= cases.length - 6) onEnd();
  };
  const handleDone = (changed: Case) => {
    keep(changed);
    forget(changed.id);
    // Whoever has gone to another case meanwhile stays there.
    if (changed.id !== one.id) return;
    setFixing(null);
    openNext();
  };
  const save = useSettling(project, one, note, handleDone);
  const back = useMutation({
    mutationFn: ({ case: id, to, answers: ids, comment, place, key }: Returning) =>
      sendBack(project, id, { to, answers: ids, comment, x: place?.x ?? null, y: place?.y ?? null }, key),
    onSuccess: handleDone,
  });
  const busy = save.isPending || back.isPending;
  const handleSettle = (answer: Answer, from?: number | null) => {
    if (!busy) void save.start(answer, from);
  };
  const handleReturn = (to: 'annotator' | 'pool', answer?: number) => {
    if (one.state !== 'open' || answers.length === 0 || busy) return;
    back.reset();
    const ids = answer === undefined ? doubtful(one) : [answer];
    write(one.id, { returning: { key: uuid(), to, answers: ids, comment: '', place: null } });
  };
  const handleHide = (id: number) => setHidden((before) => toggled(before, id));
  const handleFix = () => {
    save.reset();
    // What others drew would cover what is being drawn; it can be brought back one by one.
    if (asked || drawn) setFixing({ case: one.id, hidden: new Set(answers.map((given) => given.id)) });
    else search.current?.focus();
  };
  const handleNote = (text: string) => write(one.id, { note: text });
  const change = (part: Partial<ReturnDraft>) => {
    if (returning) write(one.id, { returning: { ...returning, ...part, key: uuid() } });
  };
  useReviewActions({
    schema,
    answers,
    accept: handleSettle,
    leading: optionsOf(one)[0]?.answer,
    sendBack: handleReturn,
    fix: handleFix,
    hideAll: () => setHidden((before) => new Set(before.size > 0 ? [] : answers.map((given) => given.id))),
    go: open,
    away: mending !== null,
  });
  const veiled = mending?.hidden ?? hidden;
  const layers = useMemo(() => layersOf(counted(one), veiled), [one, veiled]);
  const pins: Pin[] = one.answers.flatMap(({ sent_back: said, pseudonym }) =>
    said && said.x !== null && said.y !== null
      ? [{ x: said.x, y: said.y, name: t('pinOf', { who: pseudonym, comment: said.comment }) }]
      : [],
  );
  if (returning?.place) pins.push({ ...returning.place, name: t('return.pin') });
  const correction = {
    one,
    easel,
    rail,
    busy,
    error: save.error,
    note,
    onHide: (id: number) =>
      setFixing((before) => before && { ...before, hidden: toggled(before.hidden, id) }),
    onNote: handleNote,
    onAccept: save.start,
    onLeave: () => setFixing(null),
  };
  return (
    <div className={styles.layout} data-fixing={mending !== null && drawn !== null}>
      <CaseList cases={cases} current={one.id} onOpen={setCurrent} onEnd={onEnd} />
      {mending && drawn && <div ref={setRail} className={styles.rail} />}
      <ItemView
        item={one.item}
        layers={layers}
        templates={drawn?.skeletons ?? []}
        pins={pins}
        onPlace={returning && ((x, y) => change({ place: { x, y } }))}
        easel={easel}
      />
      {mending && (
        <Suspense fallback={<section className={styles.fixing} aria-busy="true" />}>
          {asked && (
            <FixAnswers key={one.id} {...correction} hidden={mending.hidden} asked={asked} nameOf={nameOf} />
          )}
          {!asked && drawn && (
            <FixShapes
              key={one.id}
              {...correction}
              hidden={mending.hidden}
              question={drawn}
              classes={schema.classes}
              index={index}
            />
          )}
        </Suspense>
      )}
      {returning && (
        <ReturnPanel
          draft={returning}
          answers={answers}
          hasPicture={one.item.kind === 'image'}
          busy={busy}
          error={back.error}
          onChange={change}
          onSend={() => back.mutate({ case: one.id, ...returning })}
          onCancel={() => write(one.id, { returning: null })}
        />
      )}
      {!returning && !mending && (
        <CasePanel
          key={one.id}
          one={one}
          schema={schema}
          index={index}
          busy={busy}
          error={save.error}
          note={note}
          search={search}
          hidden={hidden}
          onHide={handleHide}
          onNote={handleNote}
          onSettle={handleSettle}
          onFix={handleFix}
          onReturn={handleReturn}
        />
      )}
    </div>
  );
}
