import { Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatCount, formatPercent } from '@/shared/format';
import type { Summary } from '../queries';
import { useReasonWords, useSplitWords } from '../words';

/** What is not in it, why, and what share of all that matched; then groups that sit in two splits. */
export function LeftOut({ summary }: { summary: Summary }) {
  const { t } = useTranslation('versions');
  const reason = useReasonWords();
  const split = useSplitWords();
  const out = summary.left_out.reduce((sum, one) => sum + one.count, 0);
  const matched = summary.items + out;
  return (
    <>
      {summary.left_out.length === 0 ? (
        <Text size="sm">{t('leftOut.nothing')}</Text>
      ) : (
        <Table fz="sm" verticalSpacing={4} aria-label={t('leftOut.title')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('leftOut.reason')}</Table.Th>
              <Table.Th ta="right">{t('leftOut.count')}</Table.Th>
              <Table.Th ta="right">{t('leftOut.share')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {summary.left_out.map((one) => (
              <Table.Tr key={one.reason}>
                <Table.Td>{reason(one.reason)}</Table.Td>
                <Table.Td ta="right" className="tabular">
                  {formatCount(one.count)}
                </Table.Td>
                <Table.Td ta="right" className="tabular">
                  {formatPercent(one.count / matched)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {summary.conflicts.map((one) => (
        <Text key={one.items.join()} size="xs" c="dimmed" mt={4}>
          {t('conflicts.one', {
            count: one.n_items,
            n: formatCount(one.n_items),
            splits: one.splits.map(split).join(', '),
          })}
        </Text>
      ))}
    </>
  );
}
