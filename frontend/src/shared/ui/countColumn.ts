import { formatCount } from '@/shared/format';
import type { Column } from './DataTable';

/** A column of whole numbers. */
export function countColumn<Row>(key: string, header: string, value: (row: Row) => number): Column<Row> {
  return { key, header, align: 'right', render: (row) => formatCount(value(row)), sortBy: value };
}
