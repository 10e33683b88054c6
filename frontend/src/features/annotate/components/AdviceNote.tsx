import { Button, Group, Text } from '@mantine/core';
import { IconCoffee } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { QueueAdvice } from '../types';

interface Props {
  advice: QueueAdvice;
  onInstructions: () => void;
  onGoOn: () => void;
}

/** What the server suggests, calmly: nobody has to heed it, and work goes on meanwhile. */
export function AdviceNote({ advice, onInstructions, onGoOn }: Props) {
  const { t } = useTranslation('annotate');
  return (
    <div
      role="status"
      data-advice={advice}
      style={{
        margin: 8,
        padding: 12,
        border: '1px solid var(--ts-line)',
        borderRadius: 4,
        background: 'var(--ts-accent-soft)',
      }}
    >
      <Text size="sm" fw={600} component="div">
        <IconCoffee size={16} aria-hidden="true" style={{ verticalAlign: 'text-bottom' }} />{' '}
        {t(`advice.${advice}.title`)}
      </Text>
      <Text size="sm" component="div" mt={2}>
        {t(`advice.${advice}.text`)}
      </Text>
      <Group gap="xs" mt={8}>
        <Button size="compact-xs" variant="default" onClick={onInstructions}>
          {t('advice.instructions')}
        </Button>
        <Button size="compact-xs" variant="subtle" onClick={onGoOn}>
          {t('advice.on')}
        </Button>
      </Group>
    </div>
  );
}
