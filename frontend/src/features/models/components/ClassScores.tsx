import { useTranslation } from 'react-i18next';
import { countColumn } from '@/shared/ui/countColumn';
import { type Column, DataTable } from '@/shared/ui/DataTable';
import { EstimateCell } from '@/shared/ui/EstimateCell';
import type { Metrics } from '../queries';

type Row = Metrics['classes'][number];

/** Class by class, the worst first. */
export function ClassScores({ metrics, names }: { metrics: Metrics; names: ReadonlyMap<string, string> }) {
  const { t } = useTranslation('models');
  const measure = (key: 'recall' | 'precision' | 'f1'): Column<Row> => ({
    key,
    header: t(`classes.${key}`),
    sortBy: (row) => row[key].value,
    render: (row) => (
      <EstimateCell estimate={row[key]} label={`${names.get(row.key)}, ${t(`classes.${key}`)}`} />
    ),
  });
  return (
    <DataTable
      label={t('classes.title')}
      rows={metrics.classes}
      rowKey={(row) => row.key}
      defaultSort="f1"
      maxHeight={560}
      columns={[
        {
          key: 'class',
          header: t('chart.class'),
          sortBy: (row) => names.get(row.key) ?? row.key,
          render: (row) => names.get(row.key) ?? row.key,
        },
        countColumn('cases', t('classes.cases'), (row: Row) => row.cases),
        measure('recall'),
        measure('precision'),
        measure('f1'),
      ]}
    />
  );
}
