import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { layoutOf, placePoint, toggleEdge } from '../model/skeleton';
import type { Skeleton } from '../model/types';
import styles from '../SchemaPage.module.css';

interface Props {
  skeleton: Skeleton;
  readOnly: boolean;
  onChange: (skeleton: Skeleton) => void;
}

const STEP = 0.02;
const LEAP = 0.1;
const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** Pixels within which a press is a choice and not a drag. */
const STILL = 4;

/**
 * The skeleton as a new shape will have it. Points are dragged or moved with the arrows; two that are chosen one after the
 * other are joined, or parted when they were.
 */
export function SkeletonDrawing({ skeleton, readOnly, onChange }: Props) {
  const { t } = useTranslation('schema');
  const box = useRef<HTMLElement>(null);
  const drag = useRef<{ at: number; x: number; y: number; moved: boolean } | null>(null);
  const [first, setFirst] = useState<number | null>(null);
  const places = layoutOf(skeleton);
  const pick = (at: number) => {
    if (readOnly) return;
    if (first !== null && first !== at) onChange(toggleEdge(skeleton, first, at));
    setFirst(first === null ? at : null);
  };
  const handleMove = (event: PointerEvent, at: number) => {
    const held = drag.current;
    const area = box.current?.getBoundingClientRect();
    if (!held || held.at !== at || !area || readOnly) return;
    held.moved ||= Math.hypot(event.clientX - held.x, event.clientY - held.y) > STILL;
    if (!held.moved) return;
    const place = {
      x: (event.clientX - area.left) / area.width,
      y: (event.clientY - area.top) / area.height,
    };
    onChange(placePoint(skeleton, at, place));
  };
  const handleKey = (event: KeyboardEvent, at: number) => {
    const arrow = ARROWS[event.key];
    const place = places[at];
    if (event.key === 'Escape' && first !== null) {
      event.stopPropagation();
      setFirst(null);
    }
    if (!arrow || !place || readOnly) return;
    event.preventDefault();
    const step = event.shiftKey ? LEAP : STEP;
    onChange(placePoint(skeleton, at, { x: place.x + arrow[0] * step, y: place.y + arrow[1] * step }));
  };
  return (
    <div>
      <section ref={box} className={styles.skeleton} aria-label={t('skeleton.drawn')}>
        <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
          {skeleton.edges.map(([a, b]) => {
            const [from, to] = [places[a], places[b]];
            return from && to ? <line key={`${a}-${b}`} x1={from.x} y1={from.y} x2={to.x} y2={to.y} /> : null;
          })}
        </svg>
        {places.map((place, at) => {
          const joined = skeleton.edges.flatMap(([a, b]) => (a === at ? [b] : b === at ? [a] : []));
          const name = skeleton.names[at] ?? '';
          return (
            <button
              // biome-ignore lint/suspicious/noArrayIndexKey: a point is its place in the list
              key={at}
              type="button"
              className={styles.joint}
              style={{ left: `${place.x * 100}%`, top: `${place.y * 100}%` }}
              data-side={place.x > 0.6 ? 'left' : 'right'}
              aria-pressed={first === at}
              aria-label={t(joined.length > 0 ? 'skeleton.pointJoined' : 'skeleton.point', {
                name,
                x: Math.round(place.x * 100),
                y: Math.round(place.y * 100),
                others: joined.map((other) => skeleton.names[other]).join(', '),
              })}
              onPointerDown={(event) => {
                drag.current = { at, x: event.clientX, y: event.clientY, moved: false };
                event.currentTarget.setPointerCapture?.(event.pointerId);
              }}
              onPointerMove={(event) => handleMove(event, at)}
              onClick={() => {
                const dragged = drag.current?.moved ?? false;
                drag.current = null;
                if (!dragged) pick(at);
              }}
              onKeyDown={(event) => handleKey(event, at)}
            >
              <span aria-hidden="true">{name}</span>
            </button>
          );
        })}
      </section>
      {!readOnly && <p className={styles.hint}>{t('skeleton.how')}</p>}
    </div>
  );
}
