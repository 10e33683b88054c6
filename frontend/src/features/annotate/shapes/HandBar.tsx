import { useEffect, useState, useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { Editor } from '@/engine/editor';
import type { Order } from '@/engine/tools/orders';
import type { Desk } from './Desk';
import styles from './HandBar.module.css';

interface Hand {
  /** The pointer that was used last is a finger or a pen. */
  touched: boolean;
  /** It is on the screen just now. */
  down: boolean;
}

/** By what happens on the picture only: whoever presses a button of the bar with a mouse must still find it there. */
function useHandNow(place: HTMLElement | null): Hand {
  const [hand, setHand] = useState<Hand>(() => ({
    touched: window.matchMedia('(pointer: coarse)').matches,
    down: false,
  }));
  useEffect(() => {
    const abort = new AbortController();
    const options = { capture: true, signal: abort.signal };
    const handleDown = ({ pointerType, target }: PointerEvent) => {
      if (target instanceof Element && target.closest('[role="toolbar"]')) return;
      setHand({ touched: pointerType === 'touch' || pointerType === 'pen', down: true });
    };
    const handleUp = () => setHand((hand) => ({ ...hand, down: false }));
    place?.addEventListener('pointerdown', handleDown, options);
    window.addEventListener('pointerup', handleUp, options);
    window.addEventListener('pointercancel', handleUp, options);
    return () => abort.abort();
  }, [place]);
  return hand;
}

/** The orders as one text, for they are looked at with every frame of a stroke and seldom change. */
const useOrders = (editor: Editor): readonly Order[] => {
  const orders = useSyncExternalStore(
    (listener) => editor.onPaint(listener),
    () => editor.orders.join(' '),
  );
  return orders === '' ? [] : (orders.split(' ') as Order[]);
};

interface Props {
  desk: Desk;
  /** Where the picture is: the bar stands on its lower edge while one draws with a finger or a pen. */
  place: HTMLElement | null;
  disabled: boolean;
}

/**
 * What the tool in hand can be told, as buttons: everything that keys say, for who draws with a finger or a pen. Who has a
 * mouse has keys; they see it only where something waits to be ended, beside the picture and not on it.
 */
export function HandBar({ desk, place, disabled }: Props) {
  const { t } = useTranslation('shapes');
  const { editor } = desk;
  const all = useOrders(editor);
  const marking = useSyncExternalStore(
    (listener) => editor.onPaint(listener),
    () => editor.marking,
  );
  const { touched, down } = useHandNow(place);
  const ends = all.includes('finish') || all.includes('take') || all.includes('in');
  // A box that is being dragged needs no button that goes with the finger.
  const orders =
    disabled || (down && all.length === 1 && all[0] === 'cancel') || !(touched || ends) ? [] : all;
  if (orders.length === 0) return null;
  const bar = (
    <div
      className={styles.bar}
      data-touched={touched}
      role="toolbar"
      aria-label={t('group.hand')}
      // The focus stays on the picture, so that the keys go on meaning what they mean there.
      onMouseDown={(event) => event.preventDefault()}
    >
      {orders.map((order) => (
        <button
          key={order}
          type="button"
          aria-pressed={order === 'in' || order === 'out' ? order === marking : undefined}
          data-first={order === 'take' || order === 'finish'}
          onClick={() => editor.order(order)}
        >
          {t(`order.${order}`)}
        </button>
      ))}
    </div>
  );
  return touched && place ? createPortal(bar, place) : bar;
}
