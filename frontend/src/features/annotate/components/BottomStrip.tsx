import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDuration } from '@/shared/format';
import type { Outbox } from '@/sync/outbox';
import type { WorkSession } from '../state/session';
import type { Snapshot } from '../state/snapshot';
import type { Stage } from '../state/stage';
import styles from '../WorkbenchPage.module.css';
import { SaveState } from './SaveState';

const QUIET_LINE_AFTER = 50;

function PrefetchDots({ stage, snapshot }: { stage: Stage; snapshot: Snapshot }) {
  const { t } = useTranslation('annotate');
  const states = useSyncExternalStore(stage.subscribeAhead, () =>
    snapshot.ahead.map((work) => stage.readiness(work.item)).join(),
  );
  const list = states ? states.split(',') : [];
  const ready = list.filter((state) => state === 'ready').length;
  return (
    <span
      className={styles.dots}
      role="img"
      aria-label={t('strip.ready', { count: ready })}
      title={t('strip.ready', { count: ready })}
    >
      {list.map((state, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a dot is its place
        <span key={at} className={styles.dot} data-state={state} />
      ))}
    </span>
  );
}

function ItemClock({ session }: { session: WorkSession }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return <span className="tabular">{formatDuration(Math.floor(session.spent() / 1000))}</span>;
}

interface Props {
  outbox: Outbox;
  session: WorkSession;
  stage: Stage;
  snapshot: Snapshot;
  onOpenOutbox: () => void;
}

/** A thin strip: is my work safe, is the next picture here, how long am I at this one. */
export function BottomStrip({ outbox, session, stage, snapshot, onOpenOutbox }: Props) {
  const { t } = useTranslation('annotate');
  const { done, seconds } = snapshot;
  return (
    <footer className={styles.strip}>
      <SaveState outbox={outbox} onOpen={onOpenOutbox} />
      <PrefetchDots stage={stage} snapshot={snapshot} />
      {snapshot.current && <ItemClock session={session} />}
      <span style={{ flex: 1 }} />
      {done > 0 && (
        <span className="tabular">
          {done >= QUIET_LINE_AFTER
            ? t('strip.quiet', {
                count: done,
                time: formatDuration(seconds),
                each: formatDuration(seconds / done),
              })
            : t('strip.done', { count: done })}
        </span>
      )}
    </footer>
  );
}
