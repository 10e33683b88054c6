import { Button, Drawer, Group, Stack, Text } from '@mantine/core';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { formatAgo } from '@/shared/format';
import { Light } from '@/shared/ui/Verdict';
import type { Outbox } from '@/sync/outbox';
import type { OutboxEntry } from '@/sync/store';
import { ParkedEntry } from './ParkedEntry';

interface Props {
  outbox: Outbox;
  opened: boolean;
  onClose: () => void;
}

function download(name: string, value: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(value, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** What has not reached the server: nothing in it is ever thrown away without a word. */
export function OutboxDrawer({ outbox, opened, onClose }: Props) {
  const { t } = useTranslation('annotate');
  const status = useSyncExternalStore(outbox.subscribe, outbox.status);
  const [entries, setEntries] = useState<OutboxEntry[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the counts is a change of the list
  useEffect(() => {
    if (opened) outbox.pending().then(setEntries);
  }, [opened, outbox, status.unsent, status.parked]);
  const waiting = entries.some(({ state }) => state === 'waiting');
  const first = entries.find(({ state }) => state === 'parked');
  return (
    <Drawer opened={opened} onClose={onClose} position="right" title={t('outbox.title')}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t(entries.length === 0 ? 'outbox.empty' : waiting ? 'outbox.text' : 'outbox.refused')}
        </Text>
        {entries.length > 0 && (
          <Group gap="xs">
            {waiting && (
              <Button size="xs" variant="default" onClick={() => void outbox.resume()}>
                {t('outbox.sendNow')}
              </Button>
            )}
            <Button size="xs" variant="default" onClick={() => download('touchstone-unsent.json', entries)}>
              {t('outbox.export')}
            </Button>
          </Group>
        )}
        {entries.map((entry) => (
          <div key={entry.id}>
            <Group justify="space-between" gap="xs" wrap="nowrap">
              <Text size="sm" fw={500} truncate>
                {entry.title}
              </Text>
              <Light tone={entry.state === 'parked' ? 'bad' : 'unknown'}>
                {t(`outbox.state.${entry.state}`)}
              </Light>
            </Group>
            <Text size="xs" c="dimmed">
              {[
                entry.problem?.detail ?? entry.problem?.title,
                formatAgo(new Date(entry.createdAt).toISOString()),
              ]
                .filter(Boolean)
                .join(' · ')}
            </Text>
            {entry.state === 'parked' && (
              <ParkedEntry entry={entry} outbox={outbox} isFirst={entry.id === first?.id} onClose={onClose} />
            )}
          </div>
        ))}
      </Stack>
    </Drawer>
  );
}
