import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatPercent } from '@/shared/format';
import { Figure } from '@/shared/ui/Figure';
import styles from './Confusion.module.css';
import { shares } from './scale';

interface Props {
  title: string;
  caption?: ReactNode;
  /** Names in the order of rows and columns. */
  classes: readonly string[];
  /** Rows are the truth, columns the prediction; counts, or counts scaled to production. */
  matrix: readonly (readonly number[])[];
  format?: (value: number) => string;
  onPick?: (truth: number, predicted: number) => void;
  /** How many classes are drawn; the rest is in the table. The most confused come first when there are more. */
  limit?: number;
}

/** Classes with the most errors, so that a large matrix shows what is worth seeing. */
export function mostConfused(matrix: readonly (readonly number[])[], limit: number): number[] {
  const size = matrix.length;
  const all = Array.from({ length: size }, (_, at) => at);
  if (size <= limit) return all;
  const errors = all.map((at) => {
    const row = (matrix[at] ?? []).reduce((sum, n, column) => sum + (column === at ? 0 : n), 0);
    const column = matrix.reduce((sum, r, other) => sum + (other === at ? 0 : (r[at] ?? 0)), 0);
    return row + column;
  });
  return all
    .sort((a, b) => (errors[b] ?? 0) - (errors[a] ?? 0))
    .slice(0, limit)
    .sort((a, b) => a - b);
}

/** Truth against prediction: a cell's depth is its share of the row, its number the count. */
export function Confusion({
  title,
  caption,
  classes,
  matrix,
  format = formatCount,
  onPick,
  limit = 16,
}: Props) {
  const { t } = useTranslation();
  const [at, setAt] = useState<[number, number]>([0, 0]);
  const shown = mostConfused(matrix, limit);
  const nameOf = (index: number) => classes[index] ?? String(index);
  return (
    <Figure
      title={title}
      caption={caption}
      table={{
        head: [t('chart.truth'), ...classes],
        rows: matrix.map((row, index) => [nameOf(index), ...row.map((n) => format(n))]),
      }}
    >
      <div className={styles.scroll}>
        <table className={styles.matrix} aria-label={title}>
          <thead>
            <tr>
              <td className={styles.corner}>
                {t('chart.truth')} ↓ {t('chart.predicted')} →
              </td>
              {shown.map((column) => (
                <th key={column} scope="col" title={nameOf(column)}>
                  <span>{nameOf(column)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, y) => {
              const share = shares(matrix[row] ?? []);
              return (
                <tr key={row}>
                  <th scope="row" title={nameOf(row)}>
                    {nameOf(row)}
                  </th>
                  {shown.map((column, x) => {
                    const count = matrix[row]?.[column] ?? 0;
                    const part = share[column] ?? 0;
                    const words = t('chart.confusionCell', {
                      truth: nameOf(row),
                      predicted: nameOf(column),
                      count: format(count),
                    });
                    const colour = row === column ? 'var(--ts-good)' : 'var(--ts-bad)';
                    const ground =
                      count > 0
                        ? `color-mix(in srgb, ${colour} ${Math.round(8 + part * 30)}%, var(--ts-surface))`
                        : 'var(--ts-surface)';
                    return (
                      <td
                        key={column}
                        style={{ background: ground }}
                        title={`${words} (${formatPercent(part)})`}
                      >
                        {onPick && count > 0 ? (
                          <button
                            type="button"
                            aria-label={words}
                            tabIndex={at[0] === y && at[1] === x ? 0 : -1}
                            onFocus={() => setAt([y, x])}
                            onClick={() => onPick(row, column)}
                          >
                            {format(count)}
                          </button>
                        ) : (
                          count > 0 && format(count)
                        )}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Figure>
  );
}
