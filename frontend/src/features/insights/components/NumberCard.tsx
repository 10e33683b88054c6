import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { BoxPlot } from '@/charts/BoxPlot';
import { Histogram } from '@/charts/Histogram';
import { formatCount } from '@/shared/format';
import { CannotCompute } from '@/shared/ui/EstimateBar';
import styles from '../insights.module.css';
import type { NumberColumn, Pictures } from '../queries';
import { useNames } from '../words';
import { PictureList } from './PictureList';

interface Props {
  project: string;
  column: NumberColumn;
  pictures: Pictures;
}

/** One number: how it lies, where its fences are, and the items beyond them. */
export function NumberCard({ project, column, pictures }: Props) {
  const { t } = useTranslation('insights');
  const names = useNames();
  const { histogram, box } = column;
  const name = names(column.name);
  if (histogram.reason) {
    return (
      <div className={styles.card}>
        <strong>{name}</strong> <CannotCompute reason={histogram.reason} />
      </div>
    );
  }
  const beyond = histogram.below + histogram.above;
  const { low_whisker: low, q1, median, q3, high_whisker: high } = box;
  const drawn = low != null && q1 != null && median != null && q3 != null && high != null;
  return (
    <div className={styles.card}>
      <Histogram
        title={name}
        edges={histogram.edges}
        counts={histogram.counts}
        height={120}
        caption={[
          histogram.n_missing > 0 && t('number.missing', { count: histogram.n_missing }),
          beyond > 0 && t('number.beyond', { count: beyond }),
        ]
          .filter(Boolean)
          .join(' · ')}
      />
      {drawn && (
        <BoxPlot
          title={t('number.box', { name })}
          boxes={[
            {
              label: name,
              low,
              q1,
              median,
              q3,
              high,
              outliers: column.outliers.map((one) => one.value),
              outlierCount: box.n_outliers,
            },
          ]}
        />
      )}
      {column.outliers.length > 0 && (
        <>
          <Text size="xs" c="dimmed" mb={4}>
            {t('number.outliers', { shown: formatCount(column.outliers.length), count: box.n_outliers })}
          </Text>
          <PictureList
            project={project}
            label={t('number.outliersOf', { name })}
            pictures={pictures}
            items={column.outliers}
            size={40}
          />
        </>
      )}
    </div>
  );
}
