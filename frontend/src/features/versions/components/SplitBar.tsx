import { Text } from '@mantine/core';
import { CATEGORICAL } from '@/shared/ui/classColour';
import { SPLITS } from '../recipe';
import { useSplitLine, useSplitWords } from '../words';

interface Props {
  splits: Record<string, number>;
  width?: number | string;
  /** Only the drawing; the words are its label. */
  compact?: boolean;
}

/** How the items are shared out: one bar in as many parts as there are splits. */
export function SplitBar({ splits, width = '100%', compact = false }: Props) {
  const line = useSplitLine();
  const word = useSplitWords();
  const ordered = Object.entries(splits);
  const total = ordered.reduce((sum, [, count]) => sum + count, 0);
  const colour = (split: string) => CATEGORICAL[Math.max(0, SPLITS.indexOf(split as never))];
  return (
    <div style={{ width }}>
      <div
        role="img"
        aria-label={line(splits)}
        title={line(splits)}
        style={{ display: 'flex', gap: 2, height: 10, background: 'var(--ts-sunken)' }}
      >
        {ordered
          .filter(([, count]) => count > 0)
          .map(([split, count]) => (
            <span
              key={split}
              title={word(split)}
              style={{ width: `${(100 * count) / total}%`, minWidth: 2, background: colour(split) }}
            />
          ))}
      </div>
      {!compact && (
        <Text size="xs" c="dimmed" className="tabular" mt={4}>
          {line(splits)}
        </Text>
      )}
    </div>
  );
}
