import { UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconCloudCheck, IconCloudUp, IconLock } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Outbox } from '@/sync/outbox';

/** Is my work safe: all saved, so many unsent, so many that need a person. */
export function SaveState({ outbox, onOpen }: { outbox: Outbox; onOpen: () => void }) {
  const { t } = useTranslation('annotate');
  const { unsent, parked, state } = useSyncExternalStore(outbox.subscribe, outbox.status);
  const Icon =
    parked > 0
      ? IconAlertTriangle
      : state === 'signed-out'
        ? IconLock
        : unsent > 0
          ? IconCloudUp
          : IconCloudCheck;
  const colour = parked > 0 ? 'var(--ts-bad)' : unsent > 0 ? 'var(--ts-warning)' : 'var(--ts-good)';
  const words =
    parked > 0
      ? t('strip.parked', { count: parked })
      : state === 'signed-out'
        ? t('strip.signedOut', { count: unsent })
        : unsent > 0
          ? t('strip.unsent', { count: unsent })
          : t('strip.saved');
  return (
    <UnstyledButton
      onClick={onOpen}
      data-testid="save-state"
      style={{ display: 'inline-flex', alignItems: 'center', gap: 4, fontSize: 'inherit', color: colour }}
    >
      <Icon size={14} aria-hidden="true" />
      <span aria-live="polite">{words}</span>
    </UnstyledButton>
  );
}
