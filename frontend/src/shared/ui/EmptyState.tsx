import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { type Drawing, Illustration } from './illustrations';

interface Props {
  drawing: Drawing;
  /** What belongs here. */
  title: string;
  /** How it gets here, in a sentence or two. */
  text: ReactNode;
  /** One button. */
  action?: ReactNode;
}

/** An empty page teaches. */
export function EmptyState({ drawing, title, text, action }: Props) {
  return (
    <Stack align="center" gap="xs" py={48} px="md" ta="center">
      <Illustration drawing={drawing} />
      <Title order={2}>{title}</Title>
      <Text c="dimmed" maw={440}>
        {text}
      </Text>
      {action && <div style={{ marginTop: 8 }}>{action}</div>}
    </Stack>
  );
}
