import { Button, Group, NumberInput, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { useProject } from '@/shared/hooks/useProject';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { FormProblem } from '@/shared/ui/FormProblem';
import { dayStart, daysAgo } from '../days';
import { mine } from '../queries';

const SPANS = ['all', '7', '14', '30', '90'] as const;
const COUNTS = { n_uncertain: 20, n_novel: 20, n_wrong: 20, n_random: 10, per_class: 8 } as const;
type Count = keyof typeof COUNTS;

/** How many for each reason, from which part of production. */
export function MineForm({ endpoint, onStarted }: { endpoint: string; onStarted: (batch: string) => void }) {
  const { t } = useTranslation('production');
  const { slug } = useProject();
  const client = useQueryClient();
  const [key, renew] = useRequestKey();
  const [span, setSpan] = useState<string>('all');
  const [counts, setCounts] = useState<Record<Count, number | string>>({ ...COUNTS });
  const start = useMutation({
    mutationFn: () =>
      mine(
        slug,
        {
          endpoint,
          start: span === 'all' ? null : dayStart(daysAgo(Number(span))),
          end: null,
          n_uncertain: Number(counts.n_uncertain) || 0,
          n_novel: Number(counts.n_novel) || 0,
          n_wrong: Number(counts.n_wrong) || 0,
          n_random: Number(counts.n_random) || 0,
          per_class: Number(counts.per_class) || 1,
          seed: 0,
        },
        key,
      ),
    onError: renew,
    onSuccess: (batch) => {
      for (const noun of ['hard-samples', 'jobs', 'home']) {
        void client.invalidateQueries({ queryKey: [noun, slug] });
      }
      onStarted(batch.id);
    },
  });
  const fields = start.error ? asProblem(start.error).fieldErrors : {};
  const field = (name: Count) => (
    <NumberInput
      key={name}
      label={t(`mine.${name}`)}
      description={t(`mine.${name}Text`)}
      value={counts[name]}
      onChange={(value) => setCounts({ ...counts, [name]: value })}
      min={name === 'per_class' ? 1 : 0}
      max={2000}
      error={fields[name]}
    />
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        start.mutate();
      }}
    >
      <Stack gap="sm">
        <Text size="sm">{t('mine.text')}</Text>
        <Select
          label={t('drift.window')}
          data={SPANS.map((value) => ({
            value,
            label: value === 'all' ? t('drift.all') : t('overview.lastDays', { days: value }),
          }))}
          value={span}
          allowDeselect={false}
          onChange={(value) => value && setSpan(value)}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          {field('n_uncertain')}
          {field('n_novel')}
          {field('n_wrong')}
          {field('n_random')}
          {field('per_class')}
        </SimpleGrid>
        <FormProblem error={start.error} />
        <Group justify="flex-end">
          <Button type="submit" loading={start.isPending}>
            {t('mine.start')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
