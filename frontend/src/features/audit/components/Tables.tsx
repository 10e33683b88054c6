import { useTranslation } from 'react-i18next';
import { Confusion } from '@/charts/Confusion';
import { formatCount, formatNumber } from '@/shared/format';
import { countColumn } from '@/shared/ui/countColumn';
import { DataTable } from '@/shared/ui/DataTable';
import { EstimateBar } from '@/shared/ui/EstimateBar';
import { Section } from '@/shared/ui/Section';
import { type AuditResult, confusionMatrix, type Stratum } from '../queries';

interface Props {
  result: AuditResult;
  nameOf: (key: string) => string;
}

/** Strata as drawn, classes with their intervals, and the confusion matrix scaled to production. */
export function Tables({ result, nameOf }: Props) {
  const { t } = useTranslation('audit');
  const classes = result.classes ?? [];
  return (
    <>
      {result.confusion && classes.length > 0 && (
        <Section title={t('confusion')}>
          <Confusion
            title={t('confusionTitle')}
            caption={t('confusionCaption')}
            classes={classes.map(nameOf)}
            matrix={confusionMatrix(classes, result.confusion)}
            format={(value) => formatNumber(value, 2)}
          />
        </Section>
      )}
      {result.by_class && (
        <Section title={t('classes')}>
          <DataTable
            label={t('classes')}
            rows={result.by_class}
            rowKey={(row) => row.key}
            columns={[
              { key: 'class', header: t('class'), render: (row) => nameOf(row.key) },
              {
                key: 'precision',
                header: t('precision'),
                render: (row) => <EstimateBar {...row.precision} />,
              },
              {
                key: 'recall',
                header: t('recall'),
                render: (row) => <EstimateBar {...row.recall} />,
              },
              {
                key: 'prevalence',
                header: t('prevalence'),
                render: (row) => <EstimateBar {...row.prevalence} />,
              },
            ]}
          />
        </Section>
      )}
      {result.strata && (
        <Section title={t('strata')}>
          <DataTable
            label={t('strata')}
            rows={result.strata}
            rowKey={(row) => row.name}
            columns={[
              { key: 'name', header: t('stratum'), render: (row) => nameOf(row.name) },
              countColumn('population', t('population'), (row: Stratum) => row.population),
              {
                key: 'answered',
                header: t('judged'),
                align: 'right',
                render: (row) => `${formatCount(row.answered)} / ${formatCount(row.asked)}`,
              },
              {
                key: 'accuracy',
                header: t('accuracy'),
                render: (row) => <EstimateBar {...row.accuracy} />,
              },
            ]}
          />
        </Section>
      )}
    </>
  );
}
