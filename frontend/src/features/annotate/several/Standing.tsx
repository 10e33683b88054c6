import { Text } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Sheet } from './Sheet';

/** How many questions still have no answer. */
export function useMissing(sheet: Sheet): number {
  const { asked } = useSyncExternalStore(sheet.subscribe, sheet.snapshot);
  return asked.filter((key) => !sheet.isAnswered(key)).length;
}

/** How far the answers have come, and what keeps them from being sent. */
export function Standing({ sheet }: { sheet: Sheet }) {
  const { t } = useTranslation('annotate');
  const state = useSyncExternalStore(sheet.subscribe, sheet.snapshot);
  const missing = useMissing(sheet);
  const gaps = Object.keys(state.gaps).length;
  return (
    <>
      <Text size="xs" c="dimmed" role="status" data-testid="answered">
        {t('several.answered', { n: state.asked.length - missing, count: state.asked.length })}
      </Text>
      {gaps > 0 && (
        <Text size="xs" c="var(--ts-warning)" fw={500} role="alert">
          {t('several.gaps', { count: gaps })}
        </Text>
      )}
    </>
  );
}
