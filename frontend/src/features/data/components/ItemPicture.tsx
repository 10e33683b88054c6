import { ActionIcon, Group, Text, Tooltip } from '@mantine/core';
import { IconArrowsMaximize, IconNumber1, IconZoomIn, IconZoomOut } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '@/actions/useActions';
import { ImageEngine } from '@/engine/engine';
import { formatPercent } from '@/shared/format';
import { ErrorState } from '@/shared/ui/ErrorState';
import { ASK_AGAIN_MS, openPicture, type Picture, TilesPending } from '@/sync/pictures';
import styles from '../data.module.css';

const STEP = 1.25;

/** The picture with wheel, drag and keys: the same engine as in the workbench. */
export function ItemPicture({ src, name }: { src: string; name: string }) {
  const { t } = useTranslation('data');
  const host = useRef<HTMLDivElement>(null);
  const engine = useRef<ImageEngine | null>(null);
  const [scale, setScale] = useState(1);
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (!host.current) return;
    const made = new ImageEngine(host.current);
    engine.current = made;
    const stop = made.subscribe(() => setScale(made.currentView().scale));
    return () => {
      stop();
      made.destroy();
      engine.current = null;
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt fetches again
  useEffect(() => {
    const stop = new AbortController();
    let opened: Picture | null = null;
    let again: ReturnType<typeof setTimeout> | undefined;
    setError(null);
    openPicture(src, stop.signal)
      .then((found) => {
        if (stop.signal.aborted) return found.close();
        opened = found;
        engine.current?.show(found.source);
      })
      .catch((reason: unknown) => {
        if (stop.signal.aborted) return;
        setError(reason);
        if (reason instanceof TilesPending) again = setTimeout(() => setAttempt((n) => n + 1), ASK_AGAIN_MS);
      });
    return () => {
      stop.abort();
      clearTimeout(again);
      engine.current?.show(null);
      opened?.close();
    };
  }, [src, attempt]);
  const tools = [
    { id: 'fit', key: 'KeyF', icon: IconArrowsMaximize, perform: () => engine.current?.fit() },
    { id: 'actual', key: 'Digit1', icon: IconNumber1, perform: () => engine.current?.actualSize() },
    { id: 'in', key: 'Equal', icon: IconZoomIn, perform: () => engine.current?.zoom(STEP) },
    { id: 'out', key: 'Minus', icon: IconZoomOut, perform: () => engine.current?.zoom(1 / STEP) },
  ] as const;
  useActions(
    tools.map((tool) => ({
      id: `data.picture.${tool.id}`,
      title: t(`picture.${tool.id}`),
      group: t('item.title'),
      scope: 'page' as const,
      keys: [tool.key],
      perform: tool.perform,
    })),
  );
  return (
    <div>
      <div className={styles.picture}>
        <div ref={host} role="img" aria-label={name} style={{ position: 'absolute', inset: 0 }} />
        {error !== null && (
          <div style={{ position: 'absolute', inset: 0 }}>
            {error instanceof TilesPending ? (
              <Text c="dimmed" ta="center" p="xl" role="status">
                {t('picture.preparing')}
              </Text>
            ) : (
              <ErrorState small error={error} onRetry={() => setAttempt(attempt + 1)} />
            )}
          </div>
        )}
      </div>
      <Group gap={4} mt={4} justify="flex-end">
        <Text size="xs" c="dimmed" className="tabular" mr="auto">
          {formatPercent(scale, 0)}
        </Text>
        {tools.map(({ id, icon: Icon, perform }) => (
          <Tooltip key={id} label={t(`picture.${id}`)}>
            <ActionIcon variant="subtle" color="gray" aria-label={t(`picture.${id}`)} onClick={perform}>
              <Icon size={18} />
            </ActionIcon>
          </Tooltip>
        ))}
      </Group>
    </div>
  );
}
