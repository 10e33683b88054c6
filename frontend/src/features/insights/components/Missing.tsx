import { useTranslation } from 'react-i18next';
import { formatNumber, formatP } from '@/shared/format';
import { type Column, DataTable } from '@/shared/ui/DataTable';
import { CannotCompute, EstimateBar } from '@/shared/ui/EstimateBar';
import { InfoTip } from '@/shared/ui/InfoTip';
import { Light } from '@/shared/ui/Verdict';
import type { UnderstandResult } from '../queries';
import { useNames } from '../words';

type MissingColumn = UnderstandResult['missing']['columns'][number];

/** How much of each attribute is missing, and whether that it is missing tells something about the label. */
export function Missing({ missing }: { missing: UnderstandResult['missing'] }) {
  const { t } = useTranslation('insights');
  const names = useNames();
  const columns: Column<MissingColumn>[] = [
    { key: 'name', header: t('column.attribute'), render: (one) => <strong>{names(one.name)}</strong> },
    {
      key: 'share',
      header: t('missing.share'),
      render: (one) => <EstimateBar {...one.share} label={names(one.name)} />,
    },
    {
      key: 'tells',
      header: <InfoTip text={t('missing.tiesHelp')}>{t('missing.ties')}</InfoTip>,
      render: (one) =>
        one.n_missing === 0 ? (
          t('missing.nothing')
        ) : one.effect === null || one.p_value === null ? (
          <CannotCompute reason={one.reason} />
        ) : (
          <Light tone={one.tells_label ? 'bad' : 'good'}>
            {t('missing.effect', { effect: formatNumber(one.effect, 2), p: formatP(one.p_value) })}
          </Light>
        ),
    },
  ];
  return (
    <DataTable
      label={t('missing.title')}
      columns={columns}
      rows={missing.columns}
      rowKey={(one) => one.name}
      maxHeight={420}
    />
  );
}
