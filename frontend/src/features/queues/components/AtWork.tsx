import { Badge, Button, Group, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatDateTime } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { countColumn } from '@/shared/ui/countColumn';
import { type Column, DataTable } from '@/shared/ui/DataTable';
import { ErrorState } from '@/shared/ui/ErrorState';
import { FormProblem } from '@/shared/ui/FormProblem';
import { Section } from '@/shared/ui/Section';
import { type AtWork as AtWorkRow, atWorkQuery, pausePerson } from '../queries';

/** Who holds what and till when, how much each has given, and who should rest. */
export function AtWork({ project, id }: { project: string; id: string }) {
  const { t } = useTranslation('queues');
  const here = useProject();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(atWorkQuery(project, id));
  const pause = useMutation({
    mutationFn: (one: AtWorkRow) =>
      pausePerson(project, one.id, one.state === 'paused' ? 'active' : 'paused'),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['queue', project, id, 'at-work'] });
      void client.invalidateQueries({ queryKey: ['people', project] });
    },
  });
  if (error) return <ErrorState small error={error} onRetry={refetch} />;
  if (!data || data.results.length === 0) return null;
  const columns: Column<AtWorkRow>[] = [
    {
      key: 'who',
      header: t('atWork.who'),
      render: (one) => (
        <Group gap={6} wrap="nowrap">
          <span>{one.pseudonym}</span>
          {one.state === 'paused' && (
            <Badge component="span" miw="max-content" color="yellow" variant="outline">
              {t('state.paused')}
            </Badge>
          )}
        </Group>
      ),
      sortBy: (one) => one.pseudonym,
    },
    countColumn('holds', t('atWork.holds'), (one) => one.n_leases),
    {
      key: 'until',
      header: t('atWork.until'),
      render: (one) =>
        one.next_expiry === null
          ? '–'
          : t(Date.parse(one.next_expiry) > Date.now() ? 'atWork.comesBack' : 'atWork.ranOut', {
              time: formatDateTime(one.next_expiry),
            }),
      sortBy: (one) => one.next_expiry,
    },
    {
      key: 'heard',
      header: t('atWork.heard'),
      render: (one) => {
        const when = one.heard_at ?? one.last_at;
        return when === null ? '–' : formatAgo(when);
      },
      sortBy: (one) => one.heard_at ?? one.last_at,
    },
    countColumn('today', t('atWork.today'), (one) => one.n_today),
    countColumn('given', t('atWork.given'), (one) => one.n_given),
    {
      key: 'rest',
      header: t('atWork.rest'),
      render: (one) => (
        <Group gap="xs" wrap="nowrap">
          {one.suggests_pause && (
            <Text size="sm">{t('atWork.missed', { count: one.gold_streak, n: one.gold_streak })}</Text>
          )}
          {here.is('lead') && (one.suggests_pause || one.state === 'paused') && (
            <Button
              size="compact-xs"
              variant="default"
              loading={pause.isPending && pause.variables?.id === one.id}
              onClick={() => pause.mutate(one)}
            >
              {t(one.state === 'paused' ? 'atWork.goOn' : 'queue.pause')}
            </Button>
          )}
        </Group>
      ),
    },
  ];
  return (
    <Section title={t('atWork.title')}>
      <FormProblem error={pause.error} />
      <DataTable
        label={t('atWork.title')}
        columns={columns}
        rows={data.results}
        rowKey={(one) => one.id}
        maxHeight={360}
      />
    </Section>
  );
}
