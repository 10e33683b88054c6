import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useImperativeHandle } from 'react';
import { ROW, ROW_WITH_PATH, type RowsProps } from './PlainRows';

/** Of thousands of rows those that are seen. */
export function VirtualRows({ id, of, tall, scroll, list, row }: RowsProps) {
  const virtualizer = useVirtualizer({
    count: of.length,
    getScrollElement: () => scroll.current,
    estimateSize: (at) => (tall(at) ? ROW_WITH_PATH : ROW),
    overscan: 8,
    initialRect: { width: 320, height: 480 },
  });
  useImperativeHandle(list, () => (at) => virtualizer.scrollToIndex(at), [virtualizer]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list has other heights
  useEffect(() => virtualizer.measure(), [of]);
  return (
    <div style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
      {virtualizer.getVirtualItems().map(({ index, start, size }) => (
        <div
          key={index}
          id={`${id}-${index}`}
          style={{ position: 'absolute', insetInline: 0, height: size, transform: `translateY(${start}px)` }}
        >
          {row(index)}
        </div>
      ))}
    </div>
  );
}
