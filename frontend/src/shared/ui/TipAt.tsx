import { Tooltip } from '@mantine/core';
import type { ReactNode, RefObject } from 'react';

interface Props {
  target: RefObject<HTMLElement | null>;
  label: ReactNode;
  opened: boolean;
}

/** A tooltip at an element that is drawn elsewhere. */
export function TipAt(props: Props) {
  return <Tooltip {...props} />;
}
