import { useQuery } from '@tanstack/react-query';
import { type PointerEvent, type SyntheticEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { http } from '@/api/http';
import { formatPercent } from '@/shared/format';
import { classColour } from '@/shared/ui/classColour';
import { wholeOf } from '@/sync/pictures';
import type { Answer, Content, Suggestion, WorkItem } from '../types';
import styles from './GridView.module.css';

interface Props {
  id: string;
  item: WorkItem;
  at: number;
  active: boolean;
  selected: boolean;
  flagged: boolean;
  answer: Answer | undefined;
  /** In words. */
  words: string;
  suggestion: Omit<Suggestion, 'model'> | undefined;
  suggested: string;
  order: readonly string[];
  onPress: (at: number, event: PointerEvent) => void;
  onShown: (task: number) => void;
}

function Excerpt({ url, onShown }: { url: string; onShown: () => void }) {
  const { data } = useQuery({
    queryKey: ['content', url],
    queryFn: async ({ signal }) => {
      const found = await http.get<Content>(url, { signal });
      onShown();
      return found;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const words = data?.text ?? '';
  const rows = data?.columns.map(({ name, value }) => `${name}: ${value ?? '–'}`).join('\n') ?? '';
  return <span className={styles.excerpt}>{(words || rows).slice(0, 600)}</span>;
}

/** One task of the page: its picture small, what a person said of it, and, apart from that, what a model says. */
export function GridTile(props: Props & { task: number }) {
  const { item, at, task, answer, words, suggestion, suggested, order, onPress, onShown } = props;
  const { t } = useTranslation('annotate');
  const [broken, setBroken] = useState(false);
  const key = answer?.kind === 'class' ? answer.classes[0] : undefined;
  const label = [
    item.name,
    words,
    props.flagged && t('action.flag'),
    suggested && t('grid.model', { words: suggested }),
  ];
  const whole = wholeOf(item);
  const source = item.thumbnail_url ?? whole;
  const handleError = (event: SyntheticEvent<HTMLImageElement>) => {
    // A thumbnail may not be made yet: the picture itself is.
    const image = event.currentTarget;
    if (whole && !image.src.endsWith(whole)) image.src = whole;
    else setBroken(true);
  };
  return (
    <div
      id={props.id}
      role="option"
      tabIndex={-1}
      aria-selected={props.selected}
      aria-label={label.filter(Boolean).join(', ')}
      className={styles.tile}
      data-active={props.active}
      data-task={task}
      data-at={at}
      onPointerDown={(event) => onPress(at, event)}
    >
      {item.content_url ? (
        <Excerpt url={item.content_url} onShown={() => onShown(task)} />
      ) : broken || !source ? (
        <span className={styles.broken}>{t('picture.failed')}</span>
      ) : (
        <img
          src={source}
          alt=""
          draggable={false}
          className={styles.image}
          onLoad={() => onShown(task)}
          onError={handleError}
        />
      )}
      {suggestion && !answer && (
        <span className={styles.suggestion}>
          {suggested} <span className="tabular">{formatPercent(suggestion.probability, 0)}</span>
        </span>
      )}
      {answer && (
        <span className={styles.mark}>
          {key && (
            <span
              className={styles.swatch}
              style={{ background: classColour(key, order) }}
              aria-hidden="true"
            />
          )}
          {words}
        </span>
      )}
      {props.flagged && <span className={styles.flag} aria-hidden="true" />}
    </div>
  );
}
