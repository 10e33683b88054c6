import type { Tone } from '@/shared/ui/tone';
import type { NextStep, Station } from './queries';

export const TONE_OF: Record<Station['light'], Tone> = {
  good: 'good',
  warning: 'warning',
  bad: 'bad',
  empty: 'unknown',
};

/** From the server's ranks: 90 and more cannot wait, 60 and more should not. */
export function toneOfUrgency(urgency: number): Tone {
  if (urgency >= 90) return 'bad';
  return urgency >= 60 ? 'warning' : 'unknown';
}

/** Where the server means a whole page, the tab that the step is about. */
const TABS: Record<string, string> = {
  'send-hard-samples': 'production?tab=hard-samples',
  mine: 'production?tab=hard-samples',
  hard_samples: 'production?tab=hard-samples',
};

export const linkOfStep = (step: NextStep) => TABS[step.code] ?? step.link;
export const linkOfStation = (station: Station) => TABS[station.key] ?? station.link;
