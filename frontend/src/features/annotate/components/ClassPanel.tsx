import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import {
  type KeyboardEvent,
  lazy,
  type RefObject,
  Suspense,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { ClassIndex } from '@/shared/classes/ClassIndex';
import styles from '../WorkbenchPage.module.css';
import { ClassRow } from './ClassRow';
import { KeyOf } from './KeyOf';
import { PlainRows, type RowList } from './PlainRows';

const VirtualRows = lazy(() => import('./VirtualRows').then((m) => ({ default: m.VirtualRows })));

interface Props {
  index: ClassIndex;
  chosen: readonly string[];
  disabled: boolean;
  multiple: boolean;
  search: RefObject<HTMLInputElement | null>;
  /** `found`: by typing ahead. */
  onPick: (key: string, stamp: number, found?: boolean) => void;
  /** Their keys work now. */
  keyed?: boolean;
  /** As tall as its rows, up to a limit: one of several lists. */
  embedded?: boolean;
}

/** So many rows are simply there; of more only those that are seen. */
const PLAIN_UP_TO = 100;
/** What keys reach needs no search field, unless the list is too long to be seen at a glance. */
const SEARCH_FROM = 11;
/** So many rows of one of several lists are seen without scrolling; the style sheet knows the same. */
const EMBEDDED_ROWS = 7;

/** The classes with their keys; above a few, a search that answers with each key, in any language of the schema. */
export function ClassPanel({
  index,
  chosen,
  disabled,
  multiple,
  search,
  onPick,
  keyed = true,
  embedded = false,
}: Props) {
  const { t } = useTranslation('annotate');
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const scroll = useRef<HTMLDivElement>(null);
  const id = useId();
  const searching = text.trim() !== '';
  const rows = useMemo(() => (searching ? index.search(text) : index.entries), [index, text, searching]);
  const searchable =
    index.entries.length >= SEARCH_FROM || index.entries.some((entry) => entry.selectable && !entry.hotkey);
  const order = useMemo(() => index.entries.filter((e) => e.selectable).map((e) => e.key), [index]);
  const list = useRef<RowList | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list has other heights and starts at its top
  useEffect(() => {
    if (scroll.current) scroll.current.scrollTop = 0;
    setActive(0);
  }, [rows]);

  const leave = () => {
    setText('');
    search.current?.blur();
  };
  const handleKey = (event: KeyboardEvent<HTMLInputElement>) => {
    // While a syllable is being composed, Enter and the arrows belong to the input method.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const next = Math.min(Math.max(active + step, 0), Math.max(0, rows.length - 1));
      setActive(next);
      list.current?.(next);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      event.stopPropagation();
      const entry = rows[active];
      if (searching && entry?.selectable && !disabled) {
        if (!multiple) leave();
        else setText('');
        onPick(entry.key, event.timeStamp, true);
      } else if (!searching) leave();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      if (text) setText('');
      else search.current?.blur();
    }
  };

  const Rows = rows.length > PLAIN_UP_TO ? VirtualRows : PlainRows;
  const drawn = (at: number) => {
    const entry = rows[at];
    return (
      entry && (
        <ClassRow
          entry={entry}
          searching={searching}
          active={searching && at === active}
          chosen={chosen.includes(entry.key)}
          disabled={disabled}
          keyed={keyed}
          order={order}
          onPick={onPick}
        />
      )
    );
  };
  const activeId = rows[active] && searching ? `${id}-${active}` : undefined;
  return (
    <>
      {searchable && (
        <div className={styles.search}>
          <TextInput
            ref={search}
            size="xs"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={handleKey}
            placeholder={t('search')}
            aria-label={t('search')}
            role="combobox"
            aria-expanded={searching}
            aria-controls={id}
            aria-activedescendant={activeId}
            autoComplete="off"
            spellCheck={false}
            leftSection={<IconSearch size={14} />}
            rightSection={keyed && <KeyOf action="search" />}
          />
        </div>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: only the visible rows of thousands exist */}
      <div
        ref={scroll}
        id={id}
        className={styles.classes}
        data-embedded={embedded}
        role="group"
        aria-label={t('classes')}
        // What scrolls is reached by keyboard too.
        tabIndex={embedded && rows.length <= EMBEDDED_ROWS ? undefined : 0}
      >
        {searching && rows.length === 0 && <div className={styles.heading}>{t('nothingFound')}</div>}
        <Suspense>
          <Rows
            id={id}
            of={rows}
            tall={(at) => searching && (rows[at]?.path.length ?? 0) > 0}
            scroll={scroll}
            list={list}
            row={drawn}
          />
        </Suspense>
      </div>
    </>
  );
}
