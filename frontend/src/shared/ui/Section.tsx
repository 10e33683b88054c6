import { Group, Paper, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  title?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** For links from elsewhere: `#leaks`. */
  id?: string;
}

/** A titled block of a page: a border, no shadow. */
export function Section({ title, actions, children, id }: Props) {
  return (
    <Paper component="section" withBorder p="md" mb="md" bg="var(--ts-surface)" {...(id ? { id } : {})}>
      {(title || actions) && (
        <Group justify="space-between" mb="sm" gap="xs">
          {title ? <Title order={2}>{title}</Title> : <span />}
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
      )}
      {children}
    </Paper>
  );
}
