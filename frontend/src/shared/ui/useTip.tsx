import {
  type FocusEvent,
  type KeyboardEvent,
  lazy,
  type PointerEvent,
  type ReactNode,
  Suspense,
  useEffect,
  useRef,
  useState,
} from 'react';

const TipAt = lazy(() => import('./TipAt').then((m) => ({ default: m.TipAt })));

const OPEN_DELAY_MS = 300;

/**
 * A tip at an element: the props of the element, and what is drawn beside it. The code that places tips is a tenth of the
 * first labeling page; it is fetched when the pointer first rests on such an element, or the keyboard reaches one.
 */
export function useTip<E extends HTMLElement>(label: ReactNode) {
  const ref = useRef<E>(null);
  const [wanted, setWanted] = useState(false);
  const [opened, setOpened] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const open = () => {
    setWanted(true);
    setOpened(true);
  };
  const close = () => {
    clearTimeout(timer.current);
    setOpened(false);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const target = {
    ref,
    onPointerEnter: ({ pointerType }: PointerEvent) => {
      // A finger that rests is about to press.
      if (pointerType !== 'touch') timer.current = setTimeout(open, OPEN_DELAY_MS);
    },
    onPointerLeave: close,
    onPointerDown: close,
    onFocus: ({ currentTarget }: FocusEvent<E>) => {
      if (currentTarget.matches(':focus-visible')) open();
    },
    onBlur: close,
    onKeyDown: ({ key }: KeyboardEvent) => {
      if (key === 'Escape') close();
    },
  };
  const tip = wanted && (
    <Suspense>
      <TipAt target={ref} label={label} opened={opened} />
    </Suspense>
  );
  return { target, tip };
}
