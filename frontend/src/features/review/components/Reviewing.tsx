import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '@/actions/useActions';
import { asProblem } from '@/api/problem';
import { ClassIndex } from '@/shared/classes/ClassIndex';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { confirm } from '@/shared/ui/confirm';
import { type Option, optionsOf } from '../answers';
import { type Answer, type Case, type ReviewSchema, settle } from '../queries';
import styles from '../ReviewPage.module.css';
import { CaseList } from './CaseList';
import { CasePanel } from './CasePanel';

interface Props {
  project: string;
  cases: readonly Case[];
  one: Case;
  schema: ReviewSchema;
  onEnd: () => void;
}

/** Pictures that come next are fetched while one looks at this one. */
function useAhead(cases: readonly Case[], at: number): void {
  useEffect(() => {
    for (const next of cases.slice(at + 1, at + 4)) {
      if (next.item.image_url) new Image().src = next.item.image_url;
    }
  }, [cases, at]);
}

export function Reviewing({ project, cases, one, schema, onEnd }: Props) {
  const { t, i18n } = useTranslation('review');
  const client = useQueryClient();
  const [, setCurrent] = useUrlState('case', '');
  const [notes, setNotes] = useState<Record<string, string>>({});
  const search = useRef<HTMLInputElement>(null);
  const index = useMemo(() => new ClassIndex(schema.classes, i18n.language), [schema, i18n.language]);
  const at = cases.findIndex((other) => other.id === one.id);
  const options: readonly Option[] = optionsOf(one);
  const note = notes[one.id] ?? one.note;
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
  const save = useMutation({
    mutationFn: ({ answer, replace }: { answer: Answer; replace: boolean }) =>
      settle(project, one.id, { answer, note, replace }),
    onSuccess: (settled) => {
      // The list keeps its order: what is settled gets a mark instead of going away under the hand.
      client.setQueriesData<{ pages: { results: Case[]; next: string | null }[] }>(
        { queryKey: ['review', project] },
        (data) =>
          data && {
            ...data,
            pages: data.pages.map((page) => ({
              ...page,
              results: page.results.map((other) => (other.id === settled.id ? settled : other)),
            })),
          },
      );
      void client.invalidateQueries({ queryKey: ['queues', project] });
      openNext();
    },
  });
  const handleSettle = async (answer: Answer) => {
    if (save.isPending) return;
    let replace = one.state === 'settled';
    if (replace) {
      const sure = await confirm({ title: t('replaceTitle'), text: t('replaceText'), verb: t('replace') });
      if (!sure) return;
    }
    try {
      await save.mutateAsync({ answer, replace });
    } catch (error) {
      if (asProblem(error).code !== 'already-settled') return;
      replace = await confirm({
        title: t('meanwhileTitle'),
        text: asProblem(error).message,
        verb: t('replace'),
      });
      if (replace) save.mutate({ answer, replace });
    }
  };
  const accept = (which: number) => {
    const option = options[which];
    if (option) void handleSettle(option.answer);
  };
  const make = (id: string, keys: string[], perform: () => void) => ({
    id: `review.${id}`,
    title: t(`action.${id}`),
    group: t('title'),
    scope: 'page',
    keys,
    perform,
  });
  const { allow_none: allowNone, allow_cannot_tell: allowCannotTell } = schema.queue.question;
  useActions([
    make('accept', ['Enter', 'KeyY', 'Digit1'], () => accept(0)),
    make('second', ['Digit2'], () => accept(1)),
    make('third', ['Digit3'], () => accept(2)),
    make('search', ['Slash', 'key:/', 'KeyC'], () => search.current?.focus()),
    ...(allowNone ? [make('none', ['KeyN'], () => void handleSettle({ kind: 'none_of_these' }))] : []),
    ...(allowCannotTell
      ? [make('cannotTell', ['KeyT'], () => void handleSettle({ kind: 'cannot_tell' }))]
      : []),
    make('next', ['KeyD', 'ArrowRight', 'ArrowDown'], () => open(1)),
    make('previous', ['KeyA', 'ArrowLeft', 'ArrowUp'], () => open(-1)),
  ]);
  return (
    <div className={styles.layout}>
      <CaseList cases={cases} current={one.id} onOpen={setCurrent} onEnd={onEnd} />
      <figure className={styles.picture} style={{ margin: 0 }}>
        {one.item.image_url && <img key={one.item.sha256} src={one.item.image_url} alt={one.item.name} />}
        <figcaption>
          {one.item.name}
          {one.item.width && ` · ${one.item.width} × ${one.item.height}`}
        </figcaption>
      </figure>
      <CasePanel
        key={one.id}
        one={one}
        schema={schema}
        index={index}
        busy={save.isPending}
        error={save.error && asProblem(save.error).code !== 'already-settled' ? save.error : null}
        note={note}
        search={search}
        onNote={(text) => setNotes((before) => ({ ...before, [one.id]: text }))}
        onSettle={(answer) => void handleSettle(answer)}
      />
    </div>
  );
}
