import { Paper, Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatCount, formatDate, formatDuration, formatNumber, formatPercent } from '@/shared/format';
import { InfoTip } from '@/shared/ui/InfoTip';
import type { Preview } from '../queries';
import { useStratumName } from '../words';

interface Props {
  preview: Preview;
  names: Readonly<Record<string, string>>;
  redundancy: number;
  busy: boolean;
}

/** What the audit would ask, what that costs, and how exactly the accuracy would be known. */
export function DesignPreview({ preview, names, redundancy, busy }: Props) {
  const { t } = useTranslation('production');
  const stratumName = useStratumName(names);
  const { total, population, labels, hours, expected_half_width: half } = preview;
  return (
    <Paper withBorder p="sm" bg="var(--ts-sunken)" aria-busy={busy} style={{ opacity: busy ? 0.6 : 1 }}>
      <Stack gap="xs">
        <Text size="lg" fw={600} aria-live="polite">
          {half === null ? t('design.noWidth') : t('design.width', { points: formatNumber(half * 100, 2) })}
        </Text>
        <Text size="sm">
          {t('design.asks', {
            total: formatCount(total),
            population: formatCount(population),
            start: formatDate(preview.start),
            end: formatDate(preview.end),
          })}{' '}
          {redundancy > 1 && t('design.labels', { labels: formatCount(labels) })}{' '}
          {hours === null ? t('design.noPace') : t('design.takes', { time: formatDuration(hours * 3600) })}
        </Text>
        <Table.ScrollContainer minWidth={320} mah={260}>
          <Table verticalSpacing={3} stickyHeader aria-label={t('design.strataTitle')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">
                  <InfoTip text={t('design.stratumDefinition')}>{t('design.stratum')}</InfoTip>
                </Table.Th>
                <Table.Th scope="col" ta="right">
                  {t('design.size')}
                </Table.Th>
                <Table.Th scope="col" ta="right">
                  {t('design.sample')}
                </Table.Th>
                <Table.Th scope="col" ta="right">
                  {t('design.guess')}
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {preview.strata.map((one) => (
                <Table.Tr key={one.name}>
                  <Table.Td>{stratumName(one.name)}</Table.Td>
                  <Table.Td ta="right">{formatCount(one.size)}</Table.Td>
                  <Table.Td ta="right">{formatCount(one.sample)}</Table.Td>
                  <Table.Td ta="right">{formatPercent(one.guessed_error, 0)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Stack>
    </Paper>
  );
}
