import { Button, SegmentedControl, SimpleGrid, Skeleton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '@/actions/useActions';
import { useProject } from '@/shared/hooks/useProject';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { PageHeader } from '@/shared/ui/PageHeader';
import { QueueCard } from './components/QueueCard';
import { myWorkQuery, queuesQuery, type Selection } from './queries';

const CreateQueue = lazy(() => import('./components/CreateQueue').then((m) => ({ default: m.CreateQueue })));

const list = (value: unknown): string[] =>
  value === undefined ? [] : (Array.isArray(value) ? value : [value]).map(String);

/** The explorer hands its filter over in the address, in its own words. */
export function selectionFrom(search: Record<string, unknown>): Selection {
  return {
    ...(search.source === undefined ? {} : { sources: list(search.source) }),
    ...(search.population === undefined ? {} : { populations: list(search.population) }),
    ...(search.without_issue === undefined ? {} : { without_issues: list(search.without_issue) }),
    ...(search.labelled === undefined ? {} : { labelled: search.labelled === 'yes' }),
    ...(search.name === undefined ? {} : { name_contains: String(search.name) }),
  };
}

function Loading() {
  return (
    <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} role="status" aria-busy="true">
      {[0, 1, 2].map((card) => (
        <Skeleton key={card} height={172} />
      ))}
    </SimpleGrid>
  );
}

/** Every queue as a card: what is left, how far it is, and the ways into it. */
export function QueuesPage() {
  const { t } = useTranslation('queues');
  const project = useProject();
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const [creating, setCreating] = useUrlState('new', '');
  const [show, setShow] = useUrlState('show', 'active');
  const seesAll = project.is('lead', 'reviewer', 'researcher');
  const labels = project.role !== 'researcher';
  const mine = useQuery({ ...myWorkQuery(project.slug), enabled: labels });
  const all = useQuery({ ...queuesQuery(project.slug), enabled: seesAll });
  const canCreate = project.is('lead');
  useActions(
    canCreate
      ? [
          {
            id: 'queues.create',
            title: t('create'),
            group: t('title'),
            scope: 'page',
            keys: ['KeyN'],
            perform: () => setCreating('1'),
          },
        ]
      : [],
  );
  const error = seesAll ? all.error : mine.error;
  const pending = (seesAll && !all.data) || (labels && !mine.data && !mine.error);
  const own = new Map((mine.data?.queues ?? []).map((one) => [one.id, one]));
  const cards = seesAll
    ? (all.data?.results ?? []).map((queue) => ({ ...queue, queue, mine: own.get(queue.id) }))
    : (mine.data?.queues ?? []).map((one) => ({ ...one, queue: undefined, mine: one }));
  const closed = cards.filter((card) => card.state === 'closed');
  const shown = show === 'all' ? cards : cards.filter((card) => card.state !== 'closed');
  const createButton = canCreate && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating('1')}>
      {t('create')}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t('title')}
        question={t('question')}
        actions={
          <>
            {closed.length > 0 && (
              <SegmentedControl
                size="xs"
                aria-label={t('show.title')}
                data={[
                  { value: 'active', label: t('show.active') },
                  { value: 'all', label: t('show.all', { count: cards.length }) },
                ]}
                value={show}
                onChange={setShow}
              />
            )}
            {createButton}
          </>
        }
      />
      {error && <ErrorState error={error} onRetry={seesAll ? all.refetch : mine.refetch} />}
      {!error && pending && <Loading />}
      {!error && !pending && shown.length === 0 && (
        <EmptyState
          drawing="queue"
          title={t('empty.title')}
          text={t(canCreate ? 'empty.text' : 'empty.textForOthers')}
          action={createButton}
        />
      )}
      {!error && !pending && shown.length > 0 && (
        <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }}>
          {shown.map((card) => (
            <QueueCard
              key={card.id}
              project={project.slug}
              id={card.id}
              name={card.name}
              purpose={card.purpose}
              state={card.state}
              queue={card.queue}
              mine={card.mine}
            />
          ))}
        </SimpleGrid>
      )}
      {canCreate && creating && (
        <Suspense>
          <CreateQueue
            project={project.slug}
            selection={selectionFrom(search)}
            onClose={() => setCreating('')}
          />
        </Suspense>
      )}
    </>
  );
}
