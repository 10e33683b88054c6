import type { Problem } from '@/api/problem';
import type { Outbox } from '@/sync/outbox';
import type { QueueServer } from '../endpoints';
import type { Origin, QueueAdvice, QueueMessage } from '../types';
import { type Draft, EMPTY, type Work } from './work';

/** What a sitting shows, and what it is made with. */

export interface Snapshot {
  state: 'loading' | 'working' | 'empty' | 'failed';
  current: Work | null;
  draft: Draft;
  /** A draft of an earlier visit was put back. */
  restored: boolean;
  /** This browser could not keep the last answer, so it was not given. */
  unstored: boolean;
  /** Leased and not yet answered, the current one first. */
  ahead: readonly Work[];
  /** How many answers one has gone back. */
  back: number;
  canGoBack: boolean;
  readOnly: boolean;
  remaining: number | null;
  message: QueueMessage | null;
  /** What the server suggests, work going on or not. */
  advice: QueueAdvice | null;
  problem: Problem | null;
  done: number;
  /** Seconds at work since the page was opened. */
  seconds: number;
}

export interface SessionOptions {
  user: string;
  tab: string;
  server: QueueServer;
  outbox: Pick<Outbox, 'enqueue' | 'onSent' | 'onRefused' | 'onElsewhere' | 'pending'>;
  submitTo: string;
  /** Where the answers come from, for whoever has to mend one. */
  origin: Omit<Origin, 'item'>;
  schemaVersion: number;
  now?: () => number;
}

export const START: Snapshot = {
  state: 'loading',
  current: null,
  draft: EMPTY,
  restored: false,
  unstored: false,
  ahead: [],
  back: 0,
  canGoBack: false,
  readOnly: false,
  remaining: null,
  message: null,
  advice: null,
  problem: null,
  done: 0,
  seconds: 0,
};
