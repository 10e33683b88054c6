import { ActionIcon, Group, Table, Text, Tooltip } from '@mantine/core';
import { IconChartBar, IconTable } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

export interface FigureTable {
  head: readonly string[];
  rows: readonly (readonly ReactNode[])[];
}

interface Props {
  title: string;
  /** What to see in it. */
  caption?: ReactNode;
  /** The same numbers as a table, for those who cannot or do not want to read a drawing. */
  table: FigureTable;
  children: ReactNode;
}

/** Around every chart: a title, a sentence, and the switch to a table. */
export function Figure({ title, caption, table, children }: Props) {
  const { t } = useTranslation();
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  return (
    <figure style={{ margin: 0, minWidth: 0 }} aria-labelledby={id}>
      <Group justify="space-between" wrap="nowrap" gap="xs" mb={4}>
        <Text id={id} size="sm" fw={600}>
          {title}
        </Text>
        <Tooltip label={t(asTable ? 'figure.asChart' : 'figure.asTable')}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-pressed={asTable}
            aria-label={t('figure.toggle', { title })}
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? <IconChartBar size={16} /> : <IconTable size={16} />}
          </ActionIcon>
        </Tooltip>
      </Group>
      {asTable ? (
        <Table.ScrollContainer minWidth={240} mah={320}>
          <Table verticalSpacing={2} stickyHeader aria-labelledby={id}>
            <Table.Thead>
              <Table.Tr>
                {table.head.map((name) => (
                  <Table.Th key={name} scope="col">
                    {name}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {table.rows.map((row, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows of a finished figure have no other name
                <Table.Tr key={index}>
                  {row.map((cell, column) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: as above
                    <Table.Td key={column}>{cell}</Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      ) : (
        children
      )}
      {caption && (
        <Text component="figcaption" size="xs" c="dimmed" mt={4}>
          {caption}
        </Text>
      )}
    </figure>
  );
}
