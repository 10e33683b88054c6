import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { GoldMade } from '@/shared/gold/GoldMade';
import { useMakeGold } from '@/shared/gold/useMakeGold';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { goldQueuesQuery } from '../queries';

interface Props {
  project: string;
  count: number;
  selection: Record<string, unknown>;
  onClose: () => void;
}

/** The chosen items as known answers of a queue. */
export function MakeGold({ project, count, selection, onClose }: Props) {
  const { t } = useTranslation('data');
  const { data, error, refetch } = useQuery(goldQueuesQuery(project));
  const [chosen, setChosen] = useState<string | null>(null);
  const make = useMakeGold(project);
  const queues = (data?.results ?? []).filter(
    (one) => one.purpose === 'labeling' && one.state !== 'closed' && one.not_counted === null,
  );
  const queue = chosen ?? queues[0]?.id ?? null;
  return (
    <Modal opened onClose={onClose} title={t('gold.from', { count })}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (queue) make.mutate({ queue, selection });
        }}
      >
        <Stack gap="sm">
          <Text size="sm">{t('gold.text')}</Text>
          {error && <ErrorState small error={error} onRetry={refetch} />}
          {data && queues.length === 0 && <Text c="dimmed">{t('gold.noQueue')}</Text>}
          <Select
            label={t('gold.queue')}
            data={queues.map(({ id, name }) => ({ value: id, label: name }))}
            value={queue}
            onChange={setChosen}
            allowDeselect={false}
            disabled={queues.length === 0}
          />
          <FormProblem error={make.error} />
          {make.data && <GoldMade made={make.data} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t(make.data ? 'ui.close' : 'ui.cancel')}
            </Button>
            {!make.data && (
              <Button type="submit" loading={make.isPending} disabled={!queue}>
                {t('gold.make')}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
