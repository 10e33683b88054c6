import { Group, SegmentedControl, Select, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { PageHeader } from '@/shared/ui/PageHeader';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import { Reviewing } from './components/Reviewing';
import { ReviewQuality } from './components/ReviewQuality';
import { casesQuery, queueNamesQuery, schemaOfQueueQuery } from './queries';

const REASONS = ['low_posterior', 'disagreement', 'cannot_tell', 'flagged', 'skipped', 'sampled'] as const;
const STATES = ['open', 'returned', 'settled'] as const;
const isState = (value: string): value is (typeof STATES)[number] => STATES.some((one) => one === value);

/** What people dispute, settled one by one with a key each. */
export function ReviewPage() {
  const { t } = useTranslation('review');
  const { slug } = useProject();
  const [queue, setQueue] = useUrlState('queue', '');
  const [state, setState] = useUrlState('state', 'open');
  const [reason, setReason] = useUrlState('reason', '');
  const [current] = useUrlState('case', '');
  const queues = useQuery(queueNamesQuery(slug));
  const found = useInfiniteQuery(casesQuery(slug, { queue, state, reason }));
  const cases = found.data?.pages.flatMap((page) => page.results) ?? [];
  const one = cases.find((other) => other.id === current) ?? cases[0];
  const schema = useQuery(schemaOfQueueQuery(slug, one?.queue ?? ''));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  const handleEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const open = cases.filter((other) => other.state === 'open').length;
  const error = found.error ?? schema.error;
  const rows = queues.data?.results ?? [];
  const labeling = rows.filter((other) => other.purpose === 'labeling');
  const measured =
    labeling.find((other) => other.id === (queue || one?.queue)) ?? (queue ? null : labeling[0]);
  return (
    <>
      <PageHeader
        title={t('title')}
        question={t('question')}
        actions={
          <Group gap="xs">
            <Select
              size="xs"
              aria-label={t('filter.queue')}
              placeholder={t('filter.allQueues')}
              data={rows.map((other) => ({
                value: other.id,
                label: `${other.name} (${formatCount(other.n_open_cases)})`,
              }))}
              value={queue || null}
              onChange={(value) => setQueue(value ?? '')}
              clearable
            />
            <Select
              size="xs"
              aria-label={t('filter.reason')}
              placeholder={t('filter.allReasons')}
              data={REASONS.map((value) => ({ value, label: t(`reason.${value}`) }))}
              value={reason || null}
              onChange={(value) => setReason(value ?? '')}
              clearable
            />
            <SegmentedControl
              size="xs"
              aria-label={t('filter.state')}
              data={STATES.map((value) => ({ value, label: t(`state.${value}`) }))}
              value={state}
              onChange={setState}
            />
          </Group>
        }
      />
      {error && (
        <ErrorState error={error} onRetry={() => (found.error ? found.refetch() : schema.refetch())} />
      )}
      {!error && (found.isPending || (one && !schema.data)) && <FigureSkeleton height={480} />}
      {!error && found.data && !one && (
        <EmptyState
          drawing="done"
          title={t(`empty.${isState(state) ? state : 'open'}`)}
          text={t(`empty.${isState(state) ? state : 'open'}Text`)}
        />
      )}
      {!error && one && schema.data && (
        <>
          {state === 'open' && (
            <Text size="sm" c="dimmed" mb={4} aria-live="polite">
              {open === 0
                ? t('allDone')
                : t(hasNextPage ? 'leftMore' : 'left', { count: open, n: formatCount(open) })}
            </Text>
          )}
          <Reviewing project={slug} cases={cases} one={one} schema={schema.data} onEnd={handleEnd} />
        </>
      )}
      {measured && <ReviewQuality key={measured.id} queue={measured.id} name={measured.name} />}
    </>
  );
}
