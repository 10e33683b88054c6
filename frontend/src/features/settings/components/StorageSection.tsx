import { Code, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { ErrorState } from '@/shared/ui/ErrorState';
import { Section } from '@/shared/ui/Section';
import { TableSkeleton } from '@/shared/ui/Skeletons';
import { placesQuery } from '../queries';

function Places({ title, none, places }: { title: string; none: string; places: readonly ReactNode[] }) {
  return (
    <div>
      <Text fw={600}>{title}</Text>
      {places.length === 0 ? (
        <Text size="sm" c="dimmed">
          {none}
        </Text>
      ) : (
        places
      )}
    </div>
  );
}

/** From where the server may read, and how much may be sent to it. The operator decides both. */
export function StorageSection() {
  const { t } = useTranslation('settings');
  const project = useProject();
  const { data, error, refetch } = useQuery(placesQuery(project.slug));
  return (
    <Section title={t('section.storage')}>
      <Text size="sm" c="dimmed" mb="sm">
        {t('storage.text')}
      </Text>
      {error && <ErrorState small error={error} onRetry={refetch} />}
      {!error && !data && <TableSkeleton rows={3} />}
      {data && (
        <Stack gap="md">
          <Places
            title={t('storage.roots')}
            none={t('storage.noRoots')}
            places={data.roots.map((root) => (
              <div key={root}>
                <Code>{root}</Code>
              </div>
            ))}
          />
          <Places
            title={t('storage.buckets')}
            none={t('storage.noBuckets')}
            places={data.buckets.map((bucket) => (
              <div key={bucket}>
                <Code>{bucket}</Code>
              </div>
            ))}
          />
          <div>
            <Text fw={600}>{t('storage.uploads')}</Text>
            <Text size="sm">
              {t('storage.limit', {
                limit: formatBytes(data.upload_limit_bytes),
                chunk: formatBytes(data.chunk_bytes),
              })}
            </Text>
          </div>
        </Stack>
      )}
    </Section>
  );
}
