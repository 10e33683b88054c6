import { Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ImageEngine } from '@/engine/engine';
import type { SkeletonTemplate } from '@/engine/model/shapes';
import { toPicture } from '@/engine/viewport';
import type { PictureState } from '@/features/annotate/state/stage';
import { PinLayer } from '@/shared/ui/PinLayer';
import {
  ASK_AGAIN_MS,
  addressOf,
  type Picture as Opened,
  openPicture,
  TilesFailed,
  TilesPending,
} from '@/sync/pictures';
import type { ReviewEasel } from '../fixing';
import { type Case, writtenQuery } from '../queries';
import styles from '../ReviewPage.module.css';
import { type Layer, ShapeOverlay } from '../ShapeOverlay';

export interface Pin {
  x: number;
  y: number;
  name: string;
}

interface Props {
  item: Case['item'];
  /** Each annotator's shapes in their colour. */
  layers: readonly Layer[];
  templates: readonly SkeletonTemplate[];
  pins: readonly Pin[];
  /** A place was chosen, in pixels of the picture; null while none is asked for. */
  onPlace: ((x: number, y: number) => void) | null;
  /** Told of the picture as it comes and goes. */
  easel: ReviewEasel;
}

const CLICK = 4;

function Picture({ item, layers, templates, pins, onPlace, easel }: Props) {
  const { t } = useTranslation('review');
  const host = useRef<HTMLDivElement>(null);
  const [engine, setEngine] = useState<ImageEngine | null>(null);
  const [state, setState] = useState<PictureState>('loading');
  /** In the server's words; empty when nothing is known. */
  const [reason, setReason] = useState('');
  const overlay = useRef<ShapeOverlay | null>(null);
  const down = useRef({ x: 0, y: 0 });
  useEffect(() => {
    if (!host.current) return;
    const made = new ImageEngine(host.current);
    const shapes = new ShapeOverlay(host.current, made);
    overlay.current = shapes;
    setEngine(made);
    return () => {
      shapes.destroy();
      made.destroy();
    };
  }, []);
  const address = addressOf(item);
  useEffect(() => {
    if (!engine) return;
    setReason('');
    setState(address ? 'loading' : 'failed');
    if (!address) return;
    let opened: Opened | null = null;
    let again: ReturnType<typeof setTimeout> | undefined;
    const gone = new AbortController();
    const open = () =>
      openPicture(address, gone.signal).then(
        (found) => {
          if (gone.signal.aborted) return found.close();
          opened = found;
          engine.show(found.source);
          setState('shown');
        },
        (error: unknown) => {
          if (gone.signal.aborted) return;
          const pending = error instanceof TilesPending;
          if (pending) again = setTimeout(open, ASK_AGAIN_MS);
          setReason(error instanceof TilesFailed ? error.message : '');
          setState(pending ? 'preparing' : 'failed');
        },
      );
    void open();
    return () => {
      gone.abort();
      clearTimeout(again);
      engine.show(null);
      opened?.close();
    };
  }, [engine, address]);
  useEffect(() => {
    easel.set(engine, state);
    return () => easel.set(null, 'none');
  }, [easel, engine, state]);
  useEffect(() => {
    overlay.current?.show(state === 'shown' ? layers : [], templates);
  }, [layers, templates, state]);
  const handleUp = (event: PointerEvent<HTMLDivElement>) => {
    const moved = Math.hypot(event.clientX - down.current.x, event.clientY - down.current.y);
    if (!engine?.picture || !onPlace || moved > CLICK) return;
    const box = event.currentTarget.getBoundingClientRect();
    const { x, y } = toPicture(engine.currentView(), {
      x: event.clientX - box.left,
      y: event.clientY - box.top,
    });
    const { width, height } = engine.picture;
    if (x >= 0 && y >= 0 && x <= width && y <= height)
      onPlace(Math.round(x * 10) / 10, Math.round(y * 10) / 10);
  };
  return (
    <div
      className={styles.stage}
      data-picture={state}
      data-placing={onPlace !== null}
      onPointerDown={(event) => {
        down.current = { x: event.clientX, y: event.clientY };
      }}
      onPointerUp={handleUp}
    >
      <div ref={host} role="img" aria-label={item.name} className={styles.canvas} />
      {engine && state === 'shown' && <PinLayer view={engine} pins={pins} />}
      {(state === 'preparing' || state === 'failed') && (
        <Text size="sm" c="dimmed" className={styles.notice} role="status">
          {reason || t(state === 'preparing' ? 'picturePreparing' : 'pictureFailed')}
        </Text>
      )}
    </div>
  );
}

/** A text as it was written, or the columns of a row. */
function WrittenItem({ url, name }: { url: string; name: string }) {
  const { t } = useTranslation('review');
  const { data, error } = useQuery(writtenQuery(url));
  return (
    <section className={styles.written} aria-label={name} aria-busy={!data && !error}>
      {error && <Text c="dimmed">{t('pictureFailed')}</Text>}
      {data?.kind === 'text' && <Text style={{ whiteSpace: 'pre-wrap' }}>{data.text}</Text>}
      {data?.kind === 'record' && (
        <Table>
          <Table.Tbody>
            {data.columns.map((column) => (
              <Table.Tr key={column.name}>
                <Table.Th scope="row">{column.name}</Table.Th>
                <Table.Td className="tabular">
                  {[column.value === null ? '' : String(column.value), column.unit].filter(Boolean).join(' ')}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  );
}

/** What the case is about, with the labels of all annotators over it. */
export function ItemView(props: Props) {
  const { item } = props;
  const written = item.kind === 'image' ? null : item.content_url;
  return (
    <figure className={styles.picture} style={{ margin: 0 }}>
      {written ? <WrittenItem url={written} name={item.name} /> : <Picture {...props} />}
      <figcaption>
        {item.name}
        {item.width && ` · ${item.width} × ${item.height}`}
      </figcaption>
    </figure>
  );
}
