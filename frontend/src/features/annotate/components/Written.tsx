import { Button, Text } from '@mantine/core';
import { type Ref, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatDate, formatDateTime } from '@/shared/format';
import type { Content, ContentColumn } from '../types';
import styles from './Written.module.css';

/** A text is laid out in blocks that the browser skips while they are out of sight, and so many lines at a time. */
const BLOCK = 100;
const AT_ONCE = 2_000;

function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/);
}

function TextBody({ text }: { text: string }) {
  const { t } = useTranslation('annotate');
  const [shown, setShown] = useState(AT_ONCE);
  const lines = useMemo(() => linesOf(text), [text]);
  const blocks = useMemo(() => {
    const found: string[][] = [];
    for (let at = 0; at < Math.min(shown, lines.length); at += BLOCK)
      found.push(lines.slice(at, Math.min(at + BLOCK, shown)));
    return found;
  }, [lines, shown]);
  const left = lines.length - shown;
  const single = lines.length === 1;
  return (
    <>
      <div className={styles.text} data-single={single} style={{ counterReset: 'line' }}>
        {blocks.map((block, at) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: a block is its place
            key={at}
            className={styles.block}
            style={{ counterSet: `line ${at * BLOCK}` }}
          >
            {block.map((line, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
              <div key={row} className={styles.line}>
                {line || '\u200b'}
              </div>
            ))}
          </div>
        ))}
      </div>
      {left > 0 && (
        <Button variant="default" mt="md" onClick={() => setShown(shown + AT_ONCE)}>
          {t('written.more', { count: left, n: formatCount(left) })}
        </Button>
      )}
    </>
  );
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const ZONED = /([zZ]|[+-]\d{2}:?\d{2})$/;

/** A value as people write it; wall-clock times stay as they are, because nobody knows their zone. */
function Value({ column }: { column: ContentColumn }) {
  const { t } = useTranslation('annotate');
  const { value, type, unit } = column;
  if (value === null || value === '') return <span className={styles.missing}>{t('written.missing')}</span>;
  const withUnit = (words: string) => (unit ? `${words} ${unit}` : words);
  if (typeof value === 'boolean') return t(value ? 'written.yes' : 'written.no');
  if (typeof value === 'number')
    return (
      <span className="tabular">
        {withUnit(value.toLocaleString(undefined, { maximumFractionDigits: 20 }))}
      </span>
    );
  if (type === 'datetime') {
    if (DAY.test(value)) return <time dateTime={value}>{formatDate(`${value}T00:00`)}</time>;
    const known = ZONED.test(value) && !Number.isNaN(Date.parse(value));
    return <time dateTime={value}>{known ? formatDateTime(value) : value.replace('T', ' ')}</time>;
  }
  return withUnit(value);
}

function RecordBody({ columns }: { columns: readonly ContentColumn[] }) {
  const { t } = useTranslation('annotate');
  if (columns.length === 0) return <Text c="dimmed">{t('written.noColumns')}</Text>;
  return (
    <dl className={styles.record}>
      {columns.map((column) => (
        <div key={column.name} className={styles.row} data-type={column.type}>
          <dt>{column.name}</dt>
          <dd>
            <Value column={column} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface Props {
  content: Content;
  name: string;
  /** Size of letters in rem. */
  scale: number;
  host: Ref<HTMLElement>;
}

/** A text or a table row, in the place of the picture. What people wrote is never rendered as markup. */
export function Written({ content, name, scale, host }: Props) {
  return (
    <section
      ref={host}
      className={styles.written}
      aria-label={name}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard too
      tabIndex={0}
      data-written={content.kind}
      style={{ fontSize: `${scale}rem` }}
    >
      {content.kind === 'text' ? <TextBody text={content.text} /> : <RecordBody columns={content.columns} />}
    </section>
  );
}
