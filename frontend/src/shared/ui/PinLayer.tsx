import { useSyncExternalStore } from 'react';
import styles from './PinLayer.module.css';

interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

interface Props {
  /** What shows the picture: places are in its pixels, and the pins move with it. */
  view: { subscribe: (listener: () => void) => () => void; currentView: () => View };
  pins: readonly { x: number; y: number; name: string; mark?: string }[];
}

/** Places in a picture, in the middle of a ring so that what is meant stays to be seen. */
export function PinLayer({ view, pins }: Props) {
  const { scale, x, y } = useSyncExternalStore(view.subscribe, view.currentView);
  return (
    <div className={styles.layer}>
      {pins.map((pin) => (
        <span
          key={`${pin.x},${pin.y},${pin.name}`}
          role="img"
          aria-label={pin.name}
          className={styles.pin}
          style={{ transform: `translate(${pin.x * scale + x}px, ${pin.y * scale + y}px)` }}
        >
          {pin.mark}
        </span>
      ))}
    </div>
  );
}
