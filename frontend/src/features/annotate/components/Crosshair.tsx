import { useEffect, useRef } from 'react';
import styles from './Crosshair.module.css';

/** Two lines through the pointer, moved without React: they follow every frame. */
export function Crosshair() {
  const across = useRef<HTMLDivElement>(null);
  const down = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = across.current?.parentElement;
    if (!place) return;
    const show = (event: PointerEvent) => {
      const box = place.getBoundingClientRect();
      if (across.current) across.current.style.transform = `translateY(${event.clientY - box.top}px)`;
      if (down.current) down.current.style.transform = `translateX(${event.clientX - box.left}px)`;
    };
    place.addEventListener('pointermove', show);
    return () => place.removeEventListener('pointermove', show);
  }, []);
  return (
    <>
      <div ref={across} className={styles.across} aria-hidden="true" data-crosshair="across" />
      <div ref={down} className={styles.down} aria-hidden="true" data-crosshair="down" />
    </>
  );
}
