import { Badge, Button, Group, Paper, Progress, Text, Title } from '@mantine/core';
import { IconTag } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatCount, formatPercent } from '@/shared/format';
import type { MyQueue, Queue } from '../queries';

const STATE_COLOUR = { open: 'teal', paused: 'yellow', closed: 'gray' } as const;

export function StateBadge({ state }: { state: Queue['state'] }) {
  const { t } = useTranslation('queues');
  return (
    <Badge component="span" miw="max-content" color={STATE_COLOUR[state]} variant="outline">
      {t(`state.${state}`)}
    </Badge>
  );
}

interface Props {
  project: string;
  name: string;
  purpose: Queue['purpose'];
  state: Queue['state'];
  /** For those who lead and review. */
  queue?: Queue | undefined;
  /** One's own place in it; missing when one is not admitted. */
  mine?: MyQueue | undefined;
  id: string;
}

function Done({ queue }: { queue: Queue }) {
  const { t } = useTranslation('queues');
  const wanted = queue.n_slots - queue.n_saved;
  const share = wanted > 0 ? Math.min(1, queue.n_done / wanted) : 0;
  return (
    <>
      <Progress value={100 * share} aria-label={t('card.progress', { name: queue.name })} />
      <Group justify="space-between" gap="xs">
        <Text size="sm" className="tabular">
          {t('card.done', {
            share: formatPercent(share, 0),
            done: formatCount(queue.n_done),
            wanted: formatCount(wanted),
          })}
        </Text>
        <Text size="sm" c="dimmed" className="tabular">
          {t('card.items', { count: queue.n_tasks, n: formatCount(queue.n_tasks), times: queue.redundancy })}
        </Text>
      </Group>
    </>
  );
}

/** One queue: what it asks, how far it is, what is left for me, and the ways into it. */
export function QueueCard({ project, id, name, purpose, state, queue, mine }: Props) {
  const { t } = useTranslation('queues');
  const left = mine?.remaining ?? 0;
  const canLabel = mine !== undefined && state === 'open' && left > 0;
  return (
    <Paper
      component="article"
      withBorder
      p="md"
      bg="var(--ts-surface)"
      style={{ display: 'flex', flexDirection: 'column', gap: 8 }}
      aria-label={name}
    >
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
        <Title order={3} style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Title>
        <Group gap={4} wrap="nowrap">
          {purpose !== 'labeling' && (
            <Badge component="span" miw="max-content" variant="light">
              {t(`purpose.${purpose}`)}
            </Badge>
          )}
          <StateBadge state={state} />
        </Group>
      </Group>
      {queue && <Done queue={queue} />}
      <Text size="sm">
        {mine
          ? left > 0
            ? t('card.left', { count: left, n: formatCount(left) })
            : t('card.nothingLeft')
          : t('card.notAdmitted')}
        {mine && mine.n_done > 0 && (
          <Text span size="sm" c="dimmed">
            {' · '}
            {t('card.mine', { count: mine.n_done, n: formatCount(mine.n_done) })}
            {mine.last_at && ` · ${formatAgo(mine.last_at)}`}
          </Text>
        )}
      </Text>
      <Group gap="xs" mt="auto" pt={4}>
        {canLabel ? (
          <Button
            component={Link}
            to="/p/$project/label/$queue"
            params={{ project, queue: id } as never}
            size="xs"
            leftSection={<IconTag size={14} />}
          >
            {t(mine.n_done > 0 ? 'card.continue' : 'card.label')}
          </Button>
        ) : (
          <Button size="xs" leftSection={<IconTag size={14} />} disabled>
            {t('card.label')}
          </Button>
        )}
        {queue && (
          <Button
            component={Link}
            to="/p/$project/label/$queue/overview"
            params={{ project, queue: id } as never}
            size="xs"
            variant="default"
          >
            {t('card.overview')}
          </Button>
        )}
        {queue && queue.n_open_cases > 0 && (
          <Button
            component={Link}
            to="/p/$project/review"
            params={{ project } as never}
            search={{ queue: id } as never}
            size="xs"
            variant="default"
          >
            {t('card.review', { count: queue.n_open_cases, n: formatCount(queue.n_open_cases) })}
          </Button>
        )}
      </Group>
    </Paper>
  );
}
