import { Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CannotCompute } from '@/shared/ui/EstimateBar';
import { EstimateCell } from '@/shared/ui/EstimateCell';
import { InfoTip } from '@/shared/ui/InfoTip';
import type { Estimate } from '../queries';
import { METRICS, type MetricKey } from '../words';

export interface MetricsColumn {
  key: string;
  name: string;
  /** Under the name: out of how many, by whom. */
  note?: ReactNode;
  scores: Partial<Record<MetricKey, Estimate>>;
}

interface Props {
  label: string;
  columns: readonly MetricsColumn[];
  /** The metric that decides; it comes first. */
  main: string;
}

/** Metrics down, whose they are across: this model, what it must beat, and what people reach. */
export function MetricsTable({ label, columns, main }: Props) {
  const { t } = useTranslation('models');
  const shown = METRICS.filter(({ key }) => columns.some((column) => column.scores[key]));
  const ordered = [...shown].sort((a, b) => Number(b.key === main) - Number(a.key === main));
  const widest = (key: MetricKey) =>
    Math.max(1, ...columns.map((c) => c.scores[key]?.high ?? c.scores[key]?.value ?? 0));
  return (
    <Table.ScrollContainer minWidth={140 + columns.length * 176}>
      <Table aria-label={label} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('metrics.metric')}</Table.Th>
            {columns.map((column) => (
              <Table.Th key={column.key} scope="col">
                {column.name}
                {column.note && (
                  <Text size="xs" c="dimmed" fw={400} component="div">
                    {column.note}
                  </Text>
                )}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {ordered.map(({ key, unit }) => (
            <Table.Tr key={key}>
              <Table.Th scope="row" fw={key === main ? 600 : 400}>
                <InfoTip text={t(`metricText.${key}`)}>{t(`metric.${key}`)}</InfoTip>
              </Table.Th>
              {columns.map((column) => {
                const score = column.scores[key];
                return (
                  <Table.Td key={column.key}>
                    {score ? (
                      <EstimateCell
                        estimate={score}
                        unit={unit}
                        domain={[0, widest(key)]}
                        label={`${column.name}, ${t(`metric.${key}`)}`}
                      />
                    ) : (
                      <CannotCompute reason={t('metrics.notHere')} />
                    )}
                  </Table.Td>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
