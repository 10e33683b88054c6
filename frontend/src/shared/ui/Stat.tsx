import { Paper, Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  label: ReactNode;
  value: ReactNode;
  /** How sure, out of how many, since when. */
  note?: ReactNode;
}

/** A figure in a row of figures. */
export function Stat({ label, value, note }: Props) {
  return (
    <Paper withBorder p="sm" bg="var(--ts-surface)" style={{ minWidth: 140 }}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text size="1.375rem" lh="1.75rem" fw={600} className="tabular">
        {value}
      </Text>
      {note && (
        <Text size="xs" c="dimmed" component="div">
          {note}
        </Text>
      )}
    </Paper>
  );
}
