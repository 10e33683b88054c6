import { IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconCircleX } from '@tabler/icons-react';

/** The four verdicts: each has its colour, its shape and its word, so none depends on colour alone. */
export type Tone = 'good' | 'warning' | 'bad' | 'unknown';

export const TONE_ICONS = {
  good: IconCircleCheck,
  warning: IconAlertTriangle,
  bad: IconCircleX,
  unknown: IconCircleDashed,
} as const;

export const toneColour = (tone: Tone) => `var(--ts-${tone})`;
export const toneBackground = (tone: Tone) => `var(--ts-${tone}-soft)`;
