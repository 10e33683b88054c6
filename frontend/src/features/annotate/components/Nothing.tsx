import { Button, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/shared/ui/EmptyState';
import { ErrorState } from '@/shared/ui/ErrorState';
import type { WorkSession } from '../state/session';
import type { QueueMessage } from '../types';
import styles from '../WorkbenchPage.module.css';

/** When the day begins in UTC, by the clock of whoever reads it. */
function nextDay(language: string, now = new Date()): string {
  const at = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1);
  return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' }).format(at);
}

/** What waits for somebody else to act shows a queue; what is done shows that it is. */
const RESTING: readonly QueueMessage[] = ['queue-paused', 'annotator-paused'];

/** Where the picture would be, when there is no task: why, and where to go. */
export function Nothing({ project, session }: { project: string; session: WorkSession }) {
  const { t, i18n } = useTranslation('annotate');
  const { state, message, problem, done } = useSyncExternalStore(session.subscribe, session.snapshot);
  if (state === 'failed') {
    return (
      <div className={styles.notice}>
        <ErrorState error={problem} onRetry={session.lookAgain} />
      </div>
    );
  }
  if (state !== 'empty') return null;
  const why = message ?? 'nothing-left';
  return (
    <div className={styles.notice} data-message={why}>
      <EmptyState
        drawing={RESTING.includes(why) ? 'queue' : 'done'}
        title={t(`empty.titles.${why}`)}
        text={
          <>
            {t(`empty.message.${why}`, { time: nextDay(i18n.language) })}
            {done > 0 && (
              <Text component="span" display="block" mt={8} size="sm">
                {t('empty.done', { count: done })}
              </Text>
            )}
          </>
        }
        action={
          <Group justify="center">
            <Button component={Link} to="/p/$project/home" params={{ project } as never}>
              {t('empty.home')}
            </Button>
            <Button component={Link} to="/p/$project/label" params={{ project } as never} variant="default">
              {t('empty.others')}
            </Button>
          </Group>
        }
      />
    </div>
  );
}
