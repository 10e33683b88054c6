import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { IconCloudUpload } from '@tabler/icons-react';
import { useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatCount, formatDuration } from '@/shared/format';
import { Verdict } from '@/shared/ui/Verdict';
import styles from '../data.module.css';
import { fromDrop, fromInput } from '../upload/dropped';
import type { Uploader } from '../upload/uploader';

/** Files, folders and archives of this computer, and how far they are. */
export function FilePicker({ uploader, limit }: { uploader: Uploader; limit: number }) {
  const { t } = useTranslation('data');
  const progress = useSyncExternalStore(uploader.subscribe, uploader.progress);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const busy = progress.state === 'sending' || progress.state === 'waiting';
  const take = (input: HTMLInputElement) => {
    uploader.add(fromInput(input.files));
    input.value = '';
  };
  return (
    <Stack gap="xs">
      <section
        className={styles.drop}
        data-over={over}
        aria-label={t('upload.area')}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void fromDrop(event.dataTransfer).then((found) => uploader.add(found));
        }}
      >
        <IconCloudUpload size={32} stroke={1.4} color="var(--ts-accent)" aria-hidden="true" />
        <Text fw={600}>{t('upload.drop')}</Text>
        <Text size="sm" c="dimmed">
          {t('upload.what', { limit: formatBytes(limit) })}
        </Text>
        <Group justify="center" gap="xs" mt="xs">
          <Button variant="default" onClick={() => files.current?.click()} disabled={busy}>
            {t('upload.files')}
          </Button>
          <Button variant="default" onClick={() => folder.current?.click()} disabled={busy}>
            {t('upload.folder')}
          </Button>
        </Group>
        <input
          ref={files}
          type="file"
          multiple
          hidden
          aria-label={t('upload.files')}
          onChange={(event) => take(event.currentTarget)}
        />
        <input
          ref={folder}
          type="file"
          multiple
          hidden
          aria-label={t('upload.folder')}
          {...{ webkitdirectory: '' }}
          onChange={(event) => take(event.currentTarget)}
        />
      </section>
      {progress.files > 0 && (
        <div>
          <Group justify="space-between" gap="xs">
            <Text size="sm" className="tabular" role="status">
              {progress.state === 'idle'
                ? t('upload.chosen', { count: progress.files, size: formatBytes(progress.bytes) })
                : [
                    t('upload.sent', {
                      done: formatCount(progress.done),
                      files: formatCount(progress.files),
                      sent: formatBytes(progress.sent),
                      bytes: formatBytes(progress.bytes),
                    }),
                    busy && progress.eta !== null && t('jobs.left', { time: formatDuration(progress.eta) }),
                    progress.resumed > 0 && t('upload.resumed', { size: formatBytes(progress.resumed) }),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
            </Text>
            {busy ? (
              <Button size="compact-xs" variant="subtle" color="gray" onClick={() => uploader.pause()}>
                {t('upload.pause')}
              </Button>
            ) : (
              <Button size="compact-xs" variant="subtle" color="gray" onClick={() => uploader.clear()}>
                {t('upload.clear')}
              </Button>
            )}
          </Group>
          {progress.state !== 'idle' && (
            <Progress
              mt={4}
              size="sm"
              value={progress.bytes > 0 ? (100 * progress.sent) / progress.bytes : 100}
              color={progress.state === 'waiting' ? 'yellow' : 'teal'}
              aria-label={t('upload.area')}
            />
          )}
        </div>
      )}
      {progress.state === 'waiting' && <Verdict tone="warning">{t('upload.waiting')}</Verdict>}
      {progress.state === 'paused' && <Verdict tone="unknown">{t('upload.paused')}</Verdict>}
      {progress.failed.length > 0 && (
        <div>
          <Verdict tone="bad">{t('upload.failed', { count: progress.failed.length })}</Verdict>
          {progress.failed.slice(0, 20).map((one) => (
            <Text key={one.name} size="sm">
              {one.name}: {one.reason}
            </Text>
          ))}
        </div>
      )}
    </Stack>
  );
}
