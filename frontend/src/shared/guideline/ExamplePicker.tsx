import { Modal, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { http, type Page } from '@/api/http';
import type { components } from '@/api/schema';
import { ErrorState } from '@/shared/ui/ErrorState';
import { GridSkeleton } from '@/shared/ui/Skeletons';
import { ThumbGrid } from '@/shared/ui/ThumbGrid';

type Card = components['schemas']['ItemCardOut'];

const itemsQuery = (project: string, name: string) =>
  queryOptions({
    queryKey: ['items', project, { name, picking: true }],
    queryFn: ({ signal }) =>
      http.get<Page<Card>>(`/api/v1/projects/${project}/items`, {
        query: { limit: 60, ...(name && { name }) },
        signal,
      }),
    placeholderData: keepPreviousData,
  });

interface Props {
  project: string;
  opened: boolean;
  onClose: () => void;
  onPick: (item: { sha256: string; thumbnail: string | null; words: string }) => void;
}

/** An item of the project, found by its name. */
export function ExamplePicker({ project, opened, onClose, onPick }: Props) {
  const { t } = useTranslation('guideline');
  const [name, setName] = useState('');
  const [asked] = useDebouncedValue(name.trim(), 250);
  const { data, error, refetch } = useQuery({ ...itemsQuery(project, asked), enabled: opened });
  return (
    <Modal opened={opened} onClose={onClose} title={t('pick.title')} size="xl">
      <TextInput
        data-autofocus
        mb="sm"
        label={t('pick.name')}
        leftSection={<IconSearch size={14} />}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {error && <ErrorState error={error} onRetry={refetch} small />}
      {!error && !data && <GridSkeleton />}
      {data && (
        <ThumbGrid
          label={t('pick.title')}
          height={360}
          size={112}
          items={data.results.map((item) => ({
            id: item.sha256,
            src: item.media.small,
            text: item.text || item.name,
            name: item.name || item.text,
            caption: item.name,
          }))}
          onOpen={(item) => onPick({ sha256: String(item.id), thumbnail: item.src, words: item.text ?? '' })}
        />
      )}
    </Modal>
  );
}
