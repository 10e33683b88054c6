import { Kbd } from '@mantine/core';
import { Fragment } from 'react';
import { capsOf } from '@/actions/keymap';

/** One chord as key caps: "Shift+Enter" → [Shift] [Enter]. */
export function KeyCap({ sequence, size = 'xs' }: { sequence: string; size?: 'xs' | 'sm' }) {
  return (
    <span style={{ display: 'inline-flex', gap: 2 }}>
      {capsOf(sequence).map((cap) => (
        <Kbd key={cap} size={size}>
          {cap}
        </Kbd>
      ))}
    </span>
  );
}

/** All chords of an action; those that look the same, and the keypad's, once. */
export function KeyCaps({ sequences }: { sequences: readonly string[] }) {
  const faces = new Map(sequences.filter((s) => !s.startsWith('Numpad')).map((s) => [capsOf(s).join(), s]));
  return [...faces.values()].map((sequence, index) => (
    <Fragment key={sequence}>
      {index > 0 && ' '}
      <KeyCap sequence={sequence} />
    </Fragment>
  ));
}
