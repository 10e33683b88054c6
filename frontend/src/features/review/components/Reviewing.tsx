import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { ClassIndex } from '@/shared/classes/ClassIndex';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { confirm } from '@/shared/ui/confirm';
import { uuid } from '@/shared/uuid';
import { counted, doubtful, optionsOf, sendable } from '../answers';
import { layersOf } from '../colours';
import { type Answer, type Case, type ReviewSchema, sendBack, settle } from '../queries';
import styles from '../ReviewPage.module.css';
import { useReviewActions } from '../useReviewActions';
import { CaseList } from './CaseList';
import { CasePanel } from './CasePanel';
import { ItemView, type Pin } from './ItemView';
import { type ReturnDraft, ReturnPanel } from './ReturnPanel';

interface Props {
  project: string;
  cases: readonly Case[];
  one: Case;
  schema: ReviewSchema;
  onEnd: () => void;
}

const MEANWHILE = ['already-settled', 'already-returned'];

/** Pictures that come next are fetched while one looks at this one. */
function useAhead(cases: readonly Case[], at: number): void {
  useEffect(() => {
    for (const next of cases.slice(at + 1, at + 4)) {
      if (next.item.image_url) new Image().src = next.item.image_url;
    }
  }, [cases, at]);
}

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

export function Reviewing({ project, cases, one, schema, onEnd }: Props) {
  const { t, i18n } = useTranslation('review');
  const [, setCurrent] = useUrlState('case', '');
  const [notes, setNotes] = useState<Record<string, string>>({});
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const [draft, setDraft] = useState<(ReturnDraft & { case: string; key: string }) | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const keep = useKeep(project);
  const index = useMemo(() => new ClassIndex(schema.classes, i18n.language), [schema, i18n.language]);
  const at = cases.findIndex((other) => other.id === one.id);
  const note = notes[one.id] ?? one.note;
  const answers = counted(one);
  const returning = draft?.case === one.id ? draft : null;
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
    setDraft(null);
    openNext();
  };
  const save = useMutation({
    mutationFn: ({ answer, replace }: { answer: Answer; replace: boolean }) =>
      settle(project, one.id, { answer: sendable(answer), note, replace }),
    onSuccess: handleDone,
  });
  const back = useMutation({
    mutationFn: ({ to, answers: ids, comment, place, key }: ReturnDraft & { key: string }) =>
      sendBack(project, one.id, { to, answers: ids, comment, x: place?.x ?? null, y: place?.y ?? null }, key),
    onSuccess: handleDone,
  });
  const busy = save.isPending || back.isPending;
  const handleSettle = async (answer: Answer) => {
    if (busy) return;
    let replace = one.state !== 'open';
    if (replace) {
      const text = t(one.state === 'returned' ? 'recallText' : 'replaceText');
      if (!(await confirm({ title: t('replaceTitle'), text, verb: t('replace') }))) return;
    }
    try {
      await save.mutateAsync({ answer, replace });
    } catch (error) {
      if (!MEANWHILE.includes(asProblem(error).code)) return;
      replace = await confirm({
        title: t('meanwhileTitle'),
        text: asProblem(error).message,
        verb: t('replace'),
      });
      if (replace) save.mutate({ answer, replace });
    }
  };
  const handleReturn = (to: 'annotator' | 'pool', answer?: number) => {
    if (one.state !== 'open' || answers.length === 0 || busy) return;
    back.reset();
    const ids = answer === undefined ? doubtful(one) : [answer];
    setDraft({ case: one.id, key: uuid(), to, answers: ids, comment: '', place: null });
  };
  const handleHide = (id: number) =>
    setHidden(
      (before) => new Set(before.has(id) ? [...before].filter((other) => other !== id) : [...before, id]),
    );
  const change = (part: Partial<ReturnDraft>) =>
    setDraft((before) => before && { ...before, ...part, key: uuid() });
  useReviewActions({
    schema,
    answers,
    accept: (answer) => void handleSettle(answer),
    leading: optionsOf(one)[0]?.answer,
    sendBack: handleReturn,
    fix: () => search.current?.focus(),
    hideAll: () => setHidden((before) => new Set(before.size > 0 ? [] : answers.map((given) => given.id))),
    go: open,
  });
  const layers = useMemo(() => layersOf(counted(one), hidden), [one, hidden]);
  const pins: Pin[] = one.answers.flatMap(({ sent_back: said, pseudonym }) =>
    said && said.x !== null && said.y !== null
      ? [{ x: said.x, y: said.y, name: t('pinOf', { who: pseudonym, comment: said.comment }) }]
      : [],
  );
  if (returning?.place) pins.push({ ...returning.place, name: t('return.pin') });
  const saveError = save.error && !MEANWHILE.includes(asProblem(save.error).code) ? save.error : null;
  return (
    <div className={styles.layout}>
      <CaseList cases={cases} current={one.id} onOpen={setCurrent} onEnd={onEnd} />
      <ItemView
        item={one.item}
        layers={layers}
        templates={schema.queue.question.skeletons ?? []}
        pins={pins}
        onPlace={returning && ((x, y) => change({ place: { x, y } }))}
      />
      {returning ? (
        <ReturnPanel
          draft={returning}
          answers={answers}
          hasPicture={one.item.kind === 'image'}
          busy={busy}
          error={back.error}
          onChange={change}
          onSend={() => back.mutate(returning)}
          onCancel={() => setDraft(null)}
        />
      ) : (
        <CasePanel
          key={one.id}
          one={one}
          schema={schema}
          index={index}
          busy={busy}
          error={saveError}
          note={note}
          search={search}
          hidden={hidden}
          onHide={handleHide}
          onNote={(text) => setNotes((before) => ({ ...before, [one.id]: text }))}
          onSettle={(answer) => void handleSettle(answer)}
          onReturn={handleReturn}
        />
      )}
    </div>
  );
}
