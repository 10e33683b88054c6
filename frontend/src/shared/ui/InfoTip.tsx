import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  /** The definition of the term, in a sentence. */
  text: string;
  children: ReactNode;
}

/** A term of the trade with its definition one hover or one Tab away. */
export function InfoTip({ text, children }: Props) {
  return (
    <Tooltip label={text} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
      <span
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the definition must be reachable by keyboard
        tabIndex={0}
        style={{ textDecoration: 'underline dotted', textUnderlineOffset: 3, cursor: 'help' }}
      >
        {children}
      </span>
    </Tooltip>
  );
}
