import { type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './GridView.module.css';

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

interface Props {
  columns: number;
  active: string | undefined;
  children: ReactNode;
  /** Tasks whose tiles a rectangle touches; `more` adds them to what was selected before. */
  onArea: (tasks: number[], more: boolean) => void;
}

/** So far, in pixels, a pointer may tremble before it draws a rectangle. */
const STILL = 5;

function tasksIn(host: HTMLElement, area: DOMRect): number[] {
  return [...host.querySelectorAll<HTMLElement>('[data-task]')].flatMap((tile) => {
    const box = tile.getBoundingClientRect();
    const apart =
      box.right < area.left || box.left > area.right || box.bottom < area.top || box.top > area.bottom;
    return apart ? [] : [Number(tile.dataset.task)];
  });
}

/** The tiles; a mouse or a pen draws a rectangle around many, a finger scrolls. */
export function GridPage({ columns, active, children, onArea }: Props) {
  const { t } = useTranslation('annotate');
  const host = useRef<HTMLDivElement>(null);
  const from = useRef<{ x: number; y: number; more: boolean } | null>(null);
  const [box, setBox] = useState<Box | null>(null);

  const handleDown = (event: PointerEvent) => {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    from.current = {
      x: event.clientX,
      y: event.clientY,
      more: event.ctrlKey || event.metaKey || event.shiftKey,
    };
  };
  const handleMove = (event: PointerEvent) => {
    const start = from.current;
    const page = host.current;
    if (!start || !page) return;
    const { clientX: x, clientY: y } = event;
    if (!box && Math.hypot(x - start.x, y - start.y) < STILL) return;
    if (!box) page.setPointerCapture?.(event.pointerId);
    const left = Math.min(x, start.x);
    const top = Math.min(y, start.y);
    const area = { left, top, width: Math.abs(x - start.x), height: Math.abs(y - start.y) };
    const at = page.getBoundingClientRect();
    setBox({ ...area, left: left - at.left, top: top - at.top });
    onArea(
      tasksIn(page, { ...area, right: left + area.width, bottom: top + area.height } as DOMRect),
      start.more,
    );
  };
  const handleEnd = () => {
    from.current = null;
    setBox(null);
  };
  return (
    <div className={styles.place}>
      <div
        ref={host}
        role="listbox"
        aria-multiselectable="true"
        aria-label={t('grid.page')}
        aria-activedescendant={active}
        tabIndex={0}
        className={styles.page}
        style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`, position: 'relative' }}
        onPointerDown={handleDown}
        onPointerMove={handleMove}
        onPointerUp={handleEnd}
        onPointerCancel={handleEnd}
      >
        {children}
        {box && <div className={styles.rectangle} style={box} />}
      </div>
    </div>
  );
}
