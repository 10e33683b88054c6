import { Group, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconSearch } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { classColour } from '@/shared/ui/classColour';
import { KeyCap } from '@/shared/ui/KeyCap';
import { sequenceOf } from '../model/hotkeys';
import { matching, nameIn, type TreeRow, treeRows } from '../model/tree';
import type { SchemaClass } from '../model/types';
import styles from '../SchemaPage.module.css';

interface Props {
  /** As they will be after the operations. */
  classes: readonly SchemaClass[];
  selected: string | null;
  readOnly: boolean;
  onSelect: (key: string) => void;
  onMove: (key: string, step: 1 | -1) => void;
}

const ROW = 32;
/** Few classes need no tall box; a search that finds none still has one. */
const SHORTEST = 4 * ROW;
export const TREE = 'schema-classes';

function Note({ one }: { one: SchemaClass }) {
  const { t } = useTranslation('schema');
  if (one.retired) {
    const into = (one.replaced_by ?? []).join(', ');
    return <span className={styles.note}>{into ? t('class.became', { into }) : t('class.retired')}</span>;
  }
  return one.selectable ? (
    one.hotkey && <KeyCap sequence={sequenceOf(one.hotkey)} />
  ) : (
    <span className={styles.note}>{t('class.group')}</span>
  );
}

/** The classes of a question as a tree of which only the visible rows exist. Arrows walk, Alt and arrows move a class. */
export function ClassTree({ classes, selected, readOnly, onSelect, onMove }: Props) {
  const { t, i18n } = useTranslation('schema');
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [text, setText] = useState('');
  const scroll = useRef<HTMLDivElement>(null);
  const searching = text.trim() !== '';
  const rows = useMemo(
    () => (searching ? matching(classes, text) : treeRows(classes, closed)),
    [classes, text, closed, searching],
  );
  const order = useMemo(() => classes.filter((one) => one.selectable).map((one) => one.key), [classes]);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 12,
    initialRect: { width: 400, height: 560 },
  });
  const at = rows.findIndex((row) => row.one.key === selected);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another choice brings its row into view
  useEffect(() => {
    if (at >= 0) virtualizer.scrollToIndex(at);
  }, [selected]);

  const fold = (row: TreeRow, open: boolean) => {
    const next = new Set(closed);
    if (open) next.delete(row.one.key);
    else next.add(row.one.key);
    setClosed(next);
  };
  const handleKey = (event: KeyboardEvent) => {
    const row = rows[at];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key] as 1 | -1 | undefined;
    if (step && event.altKey) {
      if (row && !readOnly && !searching) onMove(row.one.key, step);
    } else if (step) {
      const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
      if (next) onSelect(next.one.key);
    } else if (event.key === 'Home' || event.key === 'End') {
      const end = event.key === 'Home' ? rows[0] : rows.at(-1);
      if (end) onSelect(end.one.key);
    } else if (event.key === 'ArrowLeft' && row) {
      if (row.hasChildren && row.open) fold(row, false);
      else if (row.one.parent) onSelect(row.one.parent);
    } else if (event.key === 'ArrowRight' && row?.hasChildren && !row.open) fold(row, true);
    else return;
    event.preventDefault();
  };
  return (
    <div>
      <Group mb={8}>
        <TextInput
          size="xs"
          flex={1}
          aria-label={t('tree.search')}
          placeholder={t('tree.search')}
          leftSection={<IconSearch size={14} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </Group>
      <div
        ref={scroll}
        id={TREE}
        className={styles.tree}
        role="tree"
        aria-label={t('tree.title')}
        aria-activedescendant={at >= 0 ? `schema-class-${at}` : undefined}
        tabIndex={0}
        style={{ maxHeight: Math.max(SHORTEST, virtualizer.getTotalSize() + 2) }}
        onKeyDown={handleKey}
      >
        <div role="none" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
          {virtualizer.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const { one } = row;
            const Icon = row.open ? IconChevronDown : IconChevronRight;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys, its rows have none of their own
              <div
                key={one.key}
                id={`schema-class-${item.index}`}
                className={styles.row}
                role="treeitem"
                aria-level={row.depth + 1}
                aria-selected={one.key === selected}
                aria-expanded={row.hasChildren ? row.open : undefined}
                tabIndex={-1}
                data-selected={one.key === selected}
                data-retired={Boolean(one.retired)}
                style={{
                  position: 'absolute',
                  insetInline: 0,
                  transform: `translateY(${item.start}px)`,
                  paddingLeft: 4 + 16 * row.depth,
                }}
                onClick={() => onSelect(one.key)}
              >
                <span
                  className={styles.fold}
                  aria-hidden="true"
                  onClick={(event) => {
                    if (!row.hasChildren) return;
                    event.stopPropagation();
                    fold(row, !row.open);
                  }}
                >
                  {row.hasChildren && <Icon size={16} />}
                </span>
                <span
                  className={styles.swatch}
                  aria-hidden="true"
                  style={{ background: one.selectable ? classColour(one.key, order) : 'var(--ts-line)' }}
                />
                <span className={styles.name}>{nameIn(one.names, i18n.language) || one.key}</span>
                <Note one={one} />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
