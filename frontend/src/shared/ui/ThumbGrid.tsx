import { useElementSize } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import styles from './ThumbGrid.module.css';

export interface Thumb {
  id: string | number;
  /** Null where there is nothing to see: `text` stands in its place. */
  src: string | null;
  text?: string;
  /** What the picture is called, read aloud. */
  name: string;
  /** Beneath the picture: label, score. */
  caption?: ReactNode;
}

interface Props {
  label: string;
  items: readonly Thumb[];
  onOpen: (item: Thumb) => void;
  /** Ids that are selected; with `onSelect`, Space and Ctrl+click select. */
  selected?: ReadonlySet<string | number>;
  onSelect?: (item: Thumb) => void;
  size?: number;
  height?: number | string;
  /** Called when the last rows come near: fetch the next page. */
  onEnd?: () => void;
}

const GAP = 8;

/** A grid that scrolls through any number of pictures: only visible rows exist; arrows move, Enter opens. */
export function ThumbGrid(props: Props) {
  const { label, items, onOpen, selected, onSelect, size = 128, height = 560, onEnd } = props;
  const { ref, width } = useElementSize<HTMLDivElement>();
  const scroll = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const columns = Math.max(1, Math.floor((width + GAP) / (size + GAP)));
  const rows = Math.ceil(items.length / columns);
  const tall = width > 0 ? (width - GAP * (columns - 1)) / columns : size;
  const virtualizer = useVirtualizer({
    count: rows,
    getScrollElement: () => scroll.current,
    estimateSize: () => tall + GAP,
    overscan: 3,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height of a row follows the width of the grid
  useEffect(() => virtualizer.measure(), [tall]);
  const lastRow = virtualizer.getVirtualItems().at(-1)?.index ?? 0;
  useEffect(() => {
    if (onEnd && rows > 0 && lastRow >= rows - 3) onEnd();
  }, [onEnd, lastRow, rows]);

  const move = (event: KeyboardEvent, index: number) => {
    const item = items[index];
    if (event.code === 'Space' && item && onSelect) {
      event.preventDefault();
      onSelect(item);
      return;
    }
    const steps: Record<string, number> = {
      ArrowRight: index + 1,
      ArrowLeft: index - 1,
      ArrowDown: index + columns,
      ArrowUp: index - columns,
      Home: 0,
      End: items.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined || to < 0 || to >= items.length) return;
    event.preventDefault();
    setActive(to);
    virtualizer.scrollToIndex(Math.floor(to / columns));
    requestAnimationFrame(() => scroll.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus());
  };

  return (
    <div ref={scroll} className={styles.scroll} style={{ height }}>
      {/* biome-ignore lint/a11y/useSemanticElements: a list would have to hold every row */}
      <div
        ref={ref}
        role="group"
        aria-label={label}
        style={{ position: 'relative', height: virtualizer.getTotalSize() }}
      >
        {virtualizer.getVirtualItems().map((row) => (
          <div
            key={row.key}
            style={{
              position: 'absolute',
              top: 0,
              width: '100%',
              transform: `translateY(${row.start}px)`,
              display: 'grid',
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
              gap: GAP,
            }}
          >
            {items.slice(row.index * columns, (row.index + 1) * columns).map((item, column) => {
              const index = row.index * columns + column;
              return (
                <button
                  key={item.id}
                  type="button"
                  className={styles.tile}
                  style={{ height: tall }}
                  data-index={index}
                  tabIndex={index === Math.min(active, items.length - 1) ? 0 : -1}
                  aria-pressed={selected ? selected.has(item.id) : undefined}
                  onFocus={() => setActive(index)}
                  onKeyDown={(event) => move(event, index)}
                  onClick={(event) => {
                    if (onSelect && (event.ctrlKey || event.metaKey)) onSelect(item);
                    else onOpen(item);
                  }}
                >
                  {item.src === null ? (
                    <span className={styles.text}>{item.text || item.name}</span>
                  ) : (
                    <img src={item.src} alt={item.name} loading="lazy" decoding="async" />
                  )}
                  {item.caption && <span className={styles.caption}>{item.caption}</span>}
                </button>
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}
