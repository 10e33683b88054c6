import { Anchor, Button, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatCount } from '@/shared/format';
import { useProject } from '@/shared/hooks/useProject';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import { EstimateBar } from '@/shared/ui/EstimateBar';
import { InfoTip } from '@/shared/ui/InfoTip';
import { Section } from '@/shared/ui/Section';
import { FigureSkeleton } from '@/shared/ui/Skeletons';
import { type MyQueue, myWorkQuery, newsQuery } from '../queries';
import styles from './AnnotatorHome.module.css';

function QueueCard({ queue, isNext }: { queue: MyQueue; isNext: boolean }) {
  const { t } = useTranslation('home');
  const open = queue.state === 'open' && queue.remaining > 0;
  return (
    <article className={styles.card} data-next={isNext || undefined}>
      <Text fw={600}>{queue.name}</Text>
      <Text size="xs" c="dimmed">
        {t(`work.purpose.${queue.purpose}`)}
      </Text>
      <Text className={styles.left}>
        <span className="tabular">{formatCount(queue.remaining)}</span>{' '}
        <small>{t('work.left', { count: queue.remaining })}</small>
      </Text>
      <Text size="xs" c="dimmed">
        {queue.n_done > 0
          ? t('work.done', {
              n: formatCount(queue.n_done),
              when: queue.last_at ? formatAgo(queue.last_at) : '',
              count: queue.n_done,
            })
          : t('work.notBegun')}
      </Text>
      {open ? (
        <Button
          mt="xs"
          component={Link}
          variant={isNext ? 'filled' : 'default'}
          to="/p/$project/label/$queue"
          params={{ project: queue.project, queue: queue.id } as never}
        >
          {t(queue.n_done > 0 ? 'work.continue' : 'work.start')}
        </Button>
      ) : (
        <Text size="sm" mt="xs">
          {t(queue.state === 'open' ? 'work.finished' : `work.state.${queue.state}`)}
        </Text>
      )}
    </article>
  );
}

function Quality() {
  const { t } = useTranslation('home');
  const { slug } = useProject();
  const { data } = useQuery(myWorkQuery(slug));
  const mine = data?.quality.find((one) => one.project === slug) ?? data?.quality[0];
  return (
    <Section title={t('quality.title')}>
      {mine && (
        <Stack gap="xs">
          <EstimateBar {...mine.reliability} width={200} label={t('quality.title')} />
          <Text size="sm" c="dimmed">
            <InfoTip text={t('quality.definition')}>{t('quality.term')}</InfoTip>. {t('quality.text')}
          </Text>
        </Stack>
      )}
    </Section>
  );
}

function Messages() {
  const { t } = useTranslation('home');
  const { slug } = useProject();
  const { data, error, refetch } = useQuery(newsQuery(slug));
  return (
    <Section title={t('messages.title')}>
      {error && <ErrorState error={error} small onRetry={refetch} />}
      {data?.results.length === 0 && <Text c="dimmed">{t('messages.none')}</Text>}
      <Stack gap="xs">
        {data?.results.slice(0, 6).map((one) => {
          const words = t(`notification.${one.code.replaceAll('.', '_')}`, {
            ...one.data,
            defaultValue: one.code.replaceAll(/[._-]/g, ' '),
          });
          const inside = one.link.startsWith('/') && !one.link.startsWith('//');
          return (
            <div key={one.id}>
              <Text size="sm" fw={one.read_at ? 400 : 600}>
                {inside ? <Anchor href={one.link}>{words}</Anchor> : words}
              </Text>
              <Text size="xs" c="dimmed">
                {formatAgo(one.created_at)}
              </Text>
            </div>
          );
        })}
      </Stack>
    </Section>
  );
}

/** What shall I do now, and how am I doing? */
export function AnnotatorHome() {
  const { t } = useTranslation('home');
  const { slug } = useProject();
  const { data, error, refetch, isPending } = useQuery({ ...myWorkQuery(slug), refetchInterval: 30_000 });
  const queues = data?.queues ?? [];
  const next =
    data?.continue_with ?? queues.find((one) => one.state === 'open' && one.remaining > 0)?.id ?? null;
  // What is next first; what has ended last.
  const rank = (one: MyQueue) =>
    one.id === next ? 0 : one.state === 'open' && one.remaining > 0 ? 1 : one.state === 'paused' ? 2 : 3;
  return (
    <>
      <Section title={t('work.title')}>
        {isPending && <FigureSkeleton height={150} />}
        {error && !data && <ErrorState error={error} small onRetry={refetch} />}
        {data && queues.length === 0 && (
          <EmptyState drawing="done" title={t('work.none')} text={t('work.noneText')} />
        )}
        {queues.length > 0 && (
          <div className={styles.cards}>
            {[...queues]
              .sort((a, b) => rank(a) - rank(b))
              .map((one) => (
                <QueueCard key={one.id} queue={one} isNext={one.id === next} />
              ))}
          </div>
        )}
      </Section>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <Quality />
        <Messages />
      </SimpleGrid>
    </>
  );
}
