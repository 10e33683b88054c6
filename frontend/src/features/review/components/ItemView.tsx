import { Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type PointerEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { SkeletonTemplate } from '@/engine/model/shapes';
import { toPicture } from '@/engine/viewport';
import type { Layer } from '@/shared/picture/ShapeOverlay';
import { usePicture } from '@/shared/picture/usePicture';
import { PinLayer } from '@/shared/ui/PinLayer';
import type { ReviewEasel } from '../fixing';
import { type Case, writtenQuery } from '../queries';
import styles from '../ReviewPage.module.css';

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
  const { engine, state, reason } = usePicture(host, { item, layers, templates });
  const down = useRef({ x: 0, y: 0 });
  useEffect(() => {
    easel.set(engine, state);
    return () => easel.set(null, 'none');
  }, [easel, engine, state]);
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
