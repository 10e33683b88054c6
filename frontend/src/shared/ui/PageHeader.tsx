import { Group, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';

interface Props {
  title: string;
  /** The question that the page answers, in one short sentence. */
  question?: ReactNode;
  /** Buttons, the main one last. */
  actions?: ReactNode;
  /** Tabs or filters beneath the title. */
  children?: ReactNode;
}

export function PageHeader({ title, question, actions, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Touchstone`;
  }, [title]);
  return (
    <header style={{ marginBottom: 16 }}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <div>
          <Title order={1}>{title}</Title>
          {question && (
            <Text c="dimmed" size="sm">
              {question}
            </Text>
          )}
        </div>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </header>
  );
}
