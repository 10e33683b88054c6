import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatCount, formatNumber, formatPercent } from '@/shared/format';
import { type Estimate, EstimateBar } from './EstimateBar';

interface Props {
  estimate: Estimate;
  label: string;
  unit?: 'percent' | 'number';
  domain?: readonly [number, number];
  target?: number | null;
}

/** An estimate in two lines, so that several stand side by side in a row of a table. */
export function EstimateCell({ estimate, label, unit = 'percent', domain, target }: Props) {
  const { t } = useTranslation();
  const { value, low, high, n } = estimate;
  if (value === null) return <EstimateBar {...estimate} label={label} />;
  const show = unit === 'percent' ? formatPercent : formatNumber;
  return (
    <span className="tabular" style={{ whiteSpace: 'nowrap' }}>
      <span style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
        <EstimateBar
          {...estimate}
          compact
          width={88}
          label={label}
          unit={unit}
          target={target ?? null}
          {...(domain ? { domain } : {})}
        />
        <strong style={{ fontWeight: 600 }}>{show(value)}</strong>
      </span>
      <Text size="xs" c="dimmed" component="span">
        {[
          low != null && high != null && t('estimate.interval', { low: show(low), high: show(high) }),
          n != null && t('estimate.n', { n: formatCount(n) }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </Text>
    </span>
  );
}
