import { Fragment, type ReactNode } from 'react';
import styles from '../models.module.css';

/** Names and values, one beneath the other. */
export function Facts({ rows }: { rows: readonly (readonly [ReactNode, ReactNode] | null)[] }) {
  return (
    <dl className={styles.facts}>
      {rows.map((row, at) =>
        row === null ? null : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a finished list
          <Fragment key={at}>
            <dt>{row[0]}</dt>
            <dd>{row[1]}</dd>
          </Fragment>
        ),
      )}
    </dl>
  );
}
