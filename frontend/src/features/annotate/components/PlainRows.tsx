import { type ReactNode, type RefObject, useImperativeHandle } from 'react';

export const ROW = 34;
export const ROW_WITH_PATH = 44;

/** Brings a row into view. */
export type RowList = (at: number) => void;

export interface RowsProps {
  /** The rows are named after it: "…-0". */
  id: string;
  /** What the rows are of: another list has other heights. */
  of: readonly unknown[];
  /** Whether a row says where its class stands in the tree. */
  tall: (at: number) => boolean;
  scroll: RefObject<HTMLDivElement | null>;
  list: RefObject<RowList | null>;
  row: (at: number) => ReactNode;
}

/** A short list, all of it. */
export function PlainRows({ id, of, tall, list, row }: RowsProps) {
  useImperativeHandle(
    list,
    () => (at) => document.getElementById(`${id}-${at}`)?.scrollIntoView?.({ block: 'nearest' }),
    [id],
  );
  return Array.from({ length: of.length }, (_, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
    <div key={at} id={`${id}-${at}`} style={{ height: tall(at) ? ROW_WITH_PATH : ROW }}>
      {row(at)}
    </div>
  ));
}
