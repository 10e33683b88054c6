import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Sort, useUrlSort } from '@/shared/hooks/useUrlState';
import styles from './DataTable.module.css';

export interface Column<Row> {
  key: string;
  header: ReactNode;
  render: (row: Row) => ReactNode;
  /** What to sort by here; leave out when the column cannot be sorted, or when the server sorts (`serverSort`). */
  sortBy?: (row: Row) => string | number | null;
  sortable?: boolean;
  align?: 'left' | 'right';
  width?: number | string;
}

interface Props<Row> {
  /** For screen readers. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string | number;
  /** Enter or click on a row. */
  onOpen?: (row: Row) => void;
  /** `name` or `-name` when the address says nothing. */
  defaultSort?: string;
  /** The rows are in order already; the page asks the server with `useUrlSort()`. */
  serverSort?: boolean;
  maxHeight?: number;
  /** Called when the last rows come near: fetch the next page. */
  onEnd?: () => void;
}

const ROW = 37;
const VIRTUAL_FROM = 80;

function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: Sort | null,
): readonly Row[] {
  const by = sort && columns.find((c) => c.key === sort.key)?.sortBy;
  if (!by) return rows;
  const sign = sort.descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const x = by(a);
    const y = by(b);
    // What is not known stays at the end whichever way one sorts.
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return (
      sign * (typeof x === 'string' && typeof y === 'string' ? x.localeCompare(y) : Number(x) - Number(y))
    );
  });
}

/** A table with sorting kept in the address, rows by arrow keys, and only the visible rows in the page. */
export function DataTable<Row>(props: Props<Row>) {
  const {
    label,
    columns,
    rows,
    rowKey,
    onOpen,
    defaultSort,
    serverSort = false,
    maxHeight = 640,
    onEnd,
  } = props;
  const { t } = useTranslation();
  const [sort, setSort] = useUrlSort(defaultSort);
  const [active, setActive] = useState(0);
  const scroll = useRef<HTMLDivElement>(null);
  const shown = serverSort ? rows : sorted(rows, columns, sort);
  const virtual = shown.length > VIRTUAL_FROM;
  const virtualizer = useVirtualizer({
    count: virtual ? shown.length : 0,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const windowed = virtualizer.getVirtualItems();
  const first = windowed[0];
  const last = windowed.at(-1);
  const visible = virtual ? windowed.map((v) => v.index) : shown.map((_, index) => index);
  const lastShown = visible.at(-1) ?? 0;
  useEffect(() => {
    if (onEnd && shown.length > 0 && lastShown >= shown.length - 10) onEnd();
  }, [onEnd, lastShown, shown.length]);

  const move = (event: KeyboardEvent<HTMLTableRowElement>, index: number) => {
    const steps: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      Home: 0,
      End: shown.length - 1,
    };
    const row = shown[index];
    if (event.target !== event.currentTarget) return;
    if (event.key === 'Enter' && row && onOpen) onOpen(row);
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.min(Math.max(to, 0), shown.length - 1);
    setActive(next);
    if (virtual) virtualizer.scrollToIndex(next);
    requestAnimationFrame(() => scroll.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus());
  };

  // What scrolls must be reachable by keyboard: by something in it, or else itself.
  const reachable = Boolean(onOpen) || columns.some((column) => column.sortable ?? Boolean(column.sortBy));
  const asRegion = { tabIndex: 0, role: 'region', 'aria-label': label };

  const toggle = (key: string) => {
    if (sort?.key !== key) setSort({ key, descending: false });
    else setSort(sort.descending ? null : { key, descending: true });
  };

  return (
    <div ref={scroll} className={styles.scroll} style={{ maxHeight }} {...(reachable ? {} : asRegion)}>
      <table className={styles.table} aria-label={label} aria-rowcount={shown.length + 1}>
        <thead>
          <tr>
            {columns.map((column) => {
              const canSort = column.sortable ?? Boolean(column.sortBy);
              const here = sort?.key === column.key ? sort : null;
              const Icon = here ? (here.descending ? IconArrowDown : IconArrowUp) : IconArrowsSort;
              return (
                <th
                  key={column.key}
                  scope="col"
                  data-align={column.align}
                  style={{ width: column.width }}
                  aria-sort={here ? (here.descending ? 'descending' : 'ascending') : undefined}
                >
                  {canSort ? (
                    <button type="button" className={styles.sort} onClick={() => toggle(column.key)}>
                      {column.header}
                      <Icon size={14} opacity={here ? 1 : 0.45} aria-hidden="true" />
                      <span className="visually-hidden">{t('ui.sort')}</span>
                    </button>
                  ) : (
                    column.header
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {virtual && first && first.start > 0 && <tr style={{ height: first.start }} />}
          {visible.map((index) => {
            const row = shown[index];
            if (row === undefined) return null;
            return (
              <tr
                key={rowKey(row)}
                className={styles.row}
                data-row={index}
                data-open={onOpen ? true : undefined}
                aria-rowindex={index + 2}
                tabIndex={onOpen ? (index === Math.min(active, shown.length - 1) ? 0 : -1) : undefined}
                onFocus={() => setActive(index)}
                onKeyDown={(event) => move(event, index)}
                onClick={(event) => {
                  const inside = (event.target as Element).closest('a, button, input, label');
                  if (!inside && onOpen) onOpen(row);
                }}
              >
                {columns.map((column) => (
                  <td key={column.key} data-align={column.align}>
                    {column.render(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          {virtual && last && <tr style={{ height: Math.max(0, virtualizer.getTotalSize() - last.end) }} />}
        </tbody>
      </table>
    </div>
  );
}
