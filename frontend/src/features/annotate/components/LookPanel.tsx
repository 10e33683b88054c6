import { Button, CloseButton, Group, Stack, Text } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { isPlain, LEAST, MOST, PLAIN } from '../state/look';
import type { Stage } from '../state/stage';
import styles from './LookPanel.module.css';

/** Sliders beside the tools; open while one looks, because the picture answers at once. */
export function LookPanel({ stage, onClose }: { stage: Stage; onClose: () => void }) {
  const { t } = useTranslation('annotate');
  const look = useSyncExternalStore(stage.subscribe, stage.look);
  return (
    <section className={styles.panel} aria-label={t('action.adjust')}>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" fw={600}>
            {t('action.adjust')}
          </Text>
          <CloseButton size="sm" onClick={onClose} aria-label={t('look.close')} />
        </Group>
        {(['brightness', 'contrast'] as const).map((name) => (
          <Text key={name} component="label" size="xs">
            {t(`look.${name}`)}
            <input
              type="range"
              min={LEAST}
              max={MOST}
              step={0.05}
              value={look[name]}
              className={styles.slider}
              onChange={(event) => stage.setLook({ ...look, [name]: event.currentTarget.valueAsNumber })}
            />
          </Text>
        ))}
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => stage.setLook(PLAIN)}
          disabled={isPlain(look)}
        >
          {t('look.reset')}
        </Button>
        <Text size="xs" c="dimmed">
          {t('look.hint')}
        </Text>
      </Stack>
    </section>
  );
}
