import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClassEntry, ClassIndex } from '@/shared/classes/ClassIndex';
import { classColour } from '@/shared/ui/classColour';
import { KeyCap } from '@/shared/ui/KeyCap';
import styles from '../WorkbenchPage.module.css';
import { KeyOf } from './KeyOf';

interface Props {
  index: ClassIndex;
  chosen: readonly string[];
  disabled: boolean;
  multiple: boolean;
  search: RefObject<HTMLInputElement | null>;
  onPick: (key: string, stamp: number) => void;
}

const ROW = 34;
const ROW_WITH_PATH = 44;
/** What keys reach needs no search field, unless the list is too long to be seen at a glance. */
const SEARCH_FROM = 11;

interface RowProps {
  entry: ClassEntry;
  searching: boolean;
  active: boolean;
  chosen: boolean;
  disabled: boolean;
  order: readonly string[];
  onPick: (key: string, stamp: number) => void;
}

function ClassRow({ entry, searching, active, chosen, disabled, order, onPick }: RowProps) {
  const indent = searching ? 0 : entry.depth * 12;
  if (!entry.selectable) {
    return (
      <div className={styles.heading} style={{ paddingLeft: 8 + indent }}>
        {entry.name}
      </div>
    );
  }
  return (
    <button
      type="button"
      className={styles.option}
      data-active={active}
      data-chosen={chosen}
      aria-pressed={chosen}
      disabled={disabled}
      tabIndex={-1}
      title={entry.description || undefined}
      style={{ paddingLeft: 8 + indent }}
      onClick={(event) => onPick(entry.key, event.timeStamp)}
    >
      <span
        className={styles.swatch}
        style={{ background: classColour(entry.key, order) }}
        aria-hidden="true"
      />
      <span className={styles.name}>
        {entry.name}
        {searching && entry.path.length > 0 && <span className={styles.path}>{entry.path.join(' › ')}</span>}
      </span>
      {entry.hotkey && <KeyCap sequence={entry.hotkey} />}
    </button>
  );
}

/** The classes with their keys; above a few, a search that answers with each key, in any language of the schema. */
export function ClassPanel({ index, chosen, disabled, multiple, search, onPick }: Props) {
  const { t } = useTranslation('annotate');
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const scroll = useRef<HTMLDivElement>(null);
  const searching = text.trim() !== '';
  const rows = useMemo(() => (searching ? index.search(text) : index.entries), [index, text, searching]);
  const searchable =
    index.entries.length >= SEARCH_FROM || index.entries.some((entry) => entry.selectable && !entry.hotkey);
  const order = useMemo(() => index.entries.filter((e) => e.selectable).map((e) => e.key), [index]);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: (at) => (searching && (rows[at]?.path.length ?? 0) > 0 ? ROW_WITH_PATH : ROW),
    overscan: 8,
    initialRect: { width: 320, height: 480 },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list has other heights and starts at its top
  useEffect(() => {
    virtualizer.measure();
    virtualizer.scrollToOffset(0);
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
      virtualizer.scrollToIndex(next);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      event.stopPropagation();
      const entry = rows[active];
      if (searching && entry?.selectable && !disabled) {
        if (!multiple) leave();
        else setText('');
        onPick(entry.key, event.timeStamp);
      } else if (!searching) leave();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      if (text) setText('');
      else search.current?.blur();
    }
  };

  const activeId = rows[active] && searching ? `class-${active}` : undefined;
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
            aria-controls="classes"
            aria-activedescendant={activeId}
            autoComplete="off"
            spellCheck={false}
            leftSection={<IconSearch size={14} />}
            rightSection={<KeyOf action="search" />}
          />
        </div>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: only the visible rows of thousands exist */}
      <div
        ref={scroll}
        id="classes"
        className={styles.classes}
        role="group"
        aria-label={t('classes')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard too
        tabIndex={0}
      >
        {searching && rows.length === 0 && <div className={styles.heading}>{t('nothingFound')}</div>}
        <div style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
          {virtualizer.getVirtualItems().map((row) => {
            const entry = rows[row.index];
            if (!entry) return null;
            return (
              <div
                key={entry.key}
                id={`class-${row.index}`}
                style={{
                  position: 'absolute',
                  insetInline: 0,
                  height: row.size,
                  transform: `translateY(${row.start}px)`,
                }}
              >
                <ClassRow
                  entry={entry}
                  searching={searching}
                  active={searching && row.index === active}
                  chosen={chosen.includes(entry.key)}
                  disabled={disabled}
                  order={order}
                  onPick={onPick}
                />
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
}
