import { Button, Loader, Stack, Text } from '@mantine/core';
import { lazy, Suspense, useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Snapshot } from '../state/snapshot';
import type { Stage } from '../state/stage';
import { useLooking } from '../useLooking';
import styles from '../WorkbenchPage.module.css';
import { Crosshair } from './Crosshair';

const Written = lazy(() => import('./Written').then((m) => ({ default: m.Written })));

interface Props {
  stage: Stage;
  snapshot: Snapshot;
  crosshair?: boolean;
  /** Shapes are drawn on it. */
  drawing?: boolean;
}

/** The place of the canvas. Nothing lies over the picture; words appear only where there is none. */
export function Picture({ stage, snapshot, crosshair = false, drawing = false }: Props) {
  const { t } = useTranslation('annotate');
  const host = useRef<HTMLDivElement>(null);
  const picture = useSyncExternalStore(stage.subscribe, stage.picture);
  useEffect(() => (host.current ? stage.attach(host.current) : undefined), [stage]);
  const reason = useSyncExternalStore(stage.subscribe, stage.reason);
  const content = useSyncExternalStore(stage.subscribe, stage.content);
  const letters = useSyncExternalStore(stage.subscribe, stage.letters);
  const name = snapshot.current?.item.name ?? t('picture.none');
  const looking = useLooking(stage, drawing);
  const keepScroller = useCallback(
    (element: HTMLElement | null) => {
      stage.scroller = element;
    },
    [stage],
  );
  return (
    <div
      className={styles.picture}
      data-picture={picture}
      data-task={snapshot.current?.task}
      {...(content ? {} : looking)}
    >
      <div
        ref={host}
        role="img"
        aria-label={name}
        aria-hidden={content !== null}
        style={{ position: 'absolute', inset: 0 }}
      />
      <Suspense>
        {content && (
          <Written
            key={snapshot.current?.task}
            host={keepScroller}
            content={content}
            name={name}
            scale={letters}
          />
        )}
      </Suspense>
      {crosshair && !content && <Crosshair />}
      {snapshot.current && picture === 'loading' && (
        <div className={styles.notice}>
          <Loader color="gray" aria-label={t('picture.loading')} />
        </div>
      )}
      {snapshot.current && (picture === 'preparing' || picture === 'failed') && (
        <div className={styles.notice} role={picture === 'failed' ? 'alert' : 'status'}>
          <Stack align="center" gap="xs">
            <Text fw={600}>{t(`picture.${picture}`)}</Text>
            <Text size="sm" c="dimmed" maw={360} ta="center">
              {reason || t(`picture.${picture}Text`)}
            </Text>
            {picture === 'failed' && (
              <Button variant="default" onClick={stage.retry}>
                {t('picture.retry')}
              </Button>
            )}
          </Stack>
        </div>
      )}
    </div>
  );
}
