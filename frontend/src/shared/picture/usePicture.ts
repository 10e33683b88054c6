import { type RefObject, useEffect, useRef, useState } from 'react';
import { ImageEngine } from '@/engine/engine';
import type { SkeletonTemplate } from '@/engine/model/shapes';
import {
  ASK_AGAIN_MS,
  addressOf,
  openPicture,
  type Picture,
  TilesFailed,
  TilesPending,
} from '@/sync/pictures';
import { type Layer, ShapeOverlay } from './ShapeOverlay';

export type PictureState = 'loading' | 'preparing' | 'shown' | 'failed';

interface Options {
  item: Parameters<typeof addressOf>[0];
  /** The same list on every render, as long as it is the same. */
  layers: readonly Layer[];
  templates: readonly SkeletonTemplate[];
}

export interface Shown {
  engine: ImageEngine | null;
  state: PictureState;
  /** Why it failed, in the server's words; empty when nothing is known. */
  reason: string;
}

/**
 * A picture in an element, with shapes over it that cannot be changed. One whose tiles are being cut is asked for again by
 * itself.
 */
export function usePicture(host: RefObject<HTMLElement | null>, { item, layers, templates }: Options): Shown {
  const [engine, setEngine] = useState<ImageEngine | null>(null);
  const [state, setState] = useState<PictureState>('loading');
  const [reason, setReason] = useState('');
  const overlay = useRef<ShapeOverlay | null>(null);
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
  }, [host]);
  const address = addressOf(item);
  useEffect(() => {
    if (!engine) return;
    setReason('');
    setState(address ? 'loading' : 'failed');
    if (!address) return;
    let opened: Picture | null = null;
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
    overlay.current?.show(state === 'shown' ? layers : [], templates);
  }, [layers, templates, state]);
  return { engine, state, reason };
}
