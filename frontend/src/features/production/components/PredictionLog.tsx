import { Group, Select, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatNumber, formatPercent } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { DataTable } from '@/shared/ui/DataTable';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { Section } from '@/shared/ui/Section';
import { TableSkeleton } from '@/shared/ui/Skeletons';
import { predictionsQuery, productionQuery } from '../queries';
import { useClassName } from '../words';

const THUMB = 28;

/** Every answer that the endpoint gave, the latest first. */
export function PredictionLog({ endpoint }: { endpoint: string }) {
  const { t } = useTranslation('production');
  const { slug } = useProject();
  const navigate = useNavigate();
  const [predicted, setPredicted] = useUrlState('predicted', '');
  const told = useQuery(productionQuery(slug, endpoint, 30)).data;
  const className = useClassName(told?.class_names ?? {});
  const log = useInfiniteQuery(predictionsQuery(slug, { endpoint, predicted }));
  const rows = log.data?.pages.flatMap((page) => page.results) ?? [];
  const classes = [
    ...new Set([...(told?.mix.map((one) => one.key) ?? []), ...(predicted ? [predicted] : [])]),
  ];
  return (
    <Section
      title={t('log.title')}
      actions={
        <Group gap="xs">
          <Select
            aria-label={t('log.predicted')}
            placeholder={t('log.anyClass')}
            data={classes.map((value) => ({ value, label: className(value) }))}
            value={predicted || null}
            onChange={(value) => setPredicted(value ?? '')}
            searchable
            clearable
          />
        </Group>
      }
    >
      {log.isPending && <TableSkeleton />}
      {log.error && !log.data && <ErrorState error={log.error} small onRetry={log.refetch} />}
      {log.data && rows.length === 0 && (
        <EmptyState
          drawing="box"
          title={t(predicted ? 'log.emptyClass' : 'log.empty')}
          text={t('overview.noTrafficText', { endpoint })}
        />
      )}
      {rows.length > 0 && (
        <DataTable
          label={t('log.title')}
          rows={rows}
          rowKey={(one) => one.request_id}
          onOpen={(one) => {
            if (!one.sha256) return;
            void navigate({ to: '/p/$project/data/items/$id', params: { project: slug, id: one.sha256 } });
          }}
          onEnd={() => {
            if (log.hasNextPage && !log.isFetching) void log.fetchNextPage();
          }}
          columns={[
            {
              key: 'picture',
              header: t('log.picture'),
              width: 72,
              render: (one) =>
                one.thumbnail_url ? (
                  <img
                    src={one.thumbnail_url}
                    alt=""
                    width={THUMB}
                    height={THUMB}
                    loading="lazy"
                    style={{ display: 'block', objectFit: 'contain', margin: '-4px 0' }}
                  />
                ) : (
                  <Text span size="xs" c="dimmed">
                    {t('log.notKept')}
                  </Text>
                ),
            },
            { key: 'predicted', header: t('log.predicted'), render: (one) => className(one.predicted) },
            {
              key: 'score',
              header: t('log.score'),
              render: (one) => formatPercent(one.score),
              align: 'right',
            },
            {
              key: 'outcome',
              header: t('log.outcome'),
              render: (one) =>
                one.outcome ? (
                  className(one.outcome)
                ) : (
                  <Text span size="xs" c="dimmed">
                    {t('log.noOutcome')}
                  </Text>
                ),
            },
            {
              key: 'latency',
              header: t('log.latency'),
              render: (one) => (one.latency_ms == null ? '' : `${formatNumber(one.latency_ms)} ms`),
              align: 'right',
            },
            { key: 'model', header: t('log.model'), render: (one) => one.model.name },
            { key: 'when', header: t('log.when'), render: (one) => formatAgo(one.predicted_at) },
          ]}
        />
      )}
    </Section>
  );
}
