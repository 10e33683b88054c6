import type { ReactNode } from 'react';
import styles from '../data.module.css';

type Row = readonly [ReactNode, ReactNode, string?] | null | false;

/** Names and values; rows that are not there are left out. The third entry is a key where a name is not unique. */
export function Facts({ rows }: { rows: readonly Row[] }) {
  const shown = rows.filter((row): row is readonly [ReactNode, ReactNode, string?] => Boolean(row));
  return (
    <dl className={styles.facts}>
      {shown.map(([name, value, key]) => (
        <div key={key ?? String(name)} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
