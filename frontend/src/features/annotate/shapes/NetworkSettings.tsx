import { NativeSelect, Text } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Desk } from './Desk';
import { useNetworks } from './networks';
import styles from './Shapes.module.css';

/** Which of the operator's networks finds objects here; or why none of them can in this picture. */
export function NetworkSettings({ desk }: { desk: Desk }) {
  const { t } = useTranslation('shapes');
  const { usable, current, choose } = useNetworks();
  // Another picture may be whole.
  useSyncExternalStore(desk.subscribe, desk.snapshot);
  const inParts = desk.task !== null && desk.picture() === null;
  if (!current || (usable.length < 2 && !inParts)) return null;
  return (
    <div className={styles.fields}>
      {usable.length > 1 && (
        <NativeSelect
          size="xs"
          label={t('setting.network')}
          value={current.id}
          data={usable.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={({ currentTarget }) => {
            const chosen = usable.find(({ id }) => id === currentTarget.value);
            if (chosen) choose(chosen);
            // The keys belong to the picture again.
            currentTarget.blur();
          }}
        />
      )}
      {inParts && (
        <Text size="xs" role="status">
          {t('fault.whole_only')}
        </Text>
      )}
    </div>
  );
}
