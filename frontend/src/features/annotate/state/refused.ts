import type { OutboxEntry } from '@/sync/store';
import type { Answer, Origin, SubmitBody } from '../types';
import type { Done } from './work';

/** Answers that the server did not take: why, what it has instead, and how a person gets on. */

export type Remedy =
  /** It has an answer of the same person already: compare, and send one's own as the next revision. */
  | 'revision'
  /** The question or its classes have changed: answer it anew. */
  | 'question'
  /** Somebody else has the place, or the time is over: it may be tried, and it is kept. */
  | 'lease'
  /** It counts already. */
  | 'final'
  /** Whatever else: look at it, try it. */
  | 'again';

const REMEDIES: Record<string, Remedy> = {
  'revision-conflict': 'revision',
  'unknown-class': 'question',
  'unusable-answer': 'question',
  'lease-lost': 'lease',
  'no-longer-editable': 'final',
};

export const remedyOf = (entry: OutboxEntry): Remedy => REMEDIES[entry.problem?.code ?? ''] ?? 'again';

/** What the server has of this person: from the refusal itself. */
export interface Stored {
  revision: number;
  answer: Answer;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

export function storedOf(entry: OutboxEntry): Stored | null {
  const current = entry.problem?.current;
  if (!isObject(current) || typeof current.revision !== 'number' || !isObject(current.answer)) return null;
  return { revision: current.revision, answer: current.answer as unknown as Answer };
}

export function bodyOf(entry: OutboxEntry): SubmitBody | null {
  const { body } = entry;
  return isObject(body) && typeof body.task === 'number' && isObject(body.answer)
    ? (body as unknown as SubmitBody)
    : null;
}

export function originOf(entry: OutboxEntry): Origin | null {
  const { origin } = entry;
  return isObject(origin) && typeof origin.queue === 'string' && isObject(origin.item)
    ? (origin as unknown as Origin)
    : null;
}

/** The refused answer as one that was given before; null when it was written by a page that did not keep its item. */
export function refusedOf(entry: OutboxEntry): Done | null {
  const body = bodyOf(entry);
  const origin = originOf(entry);
  if (!body || !origin) return null;
  const { lease, task, answer: given, comment, flagged } = body;
  const revision = storedOf(entry)?.revision ?? body.revision - 1;
  return { lease, task, item: origin.item, revision, given, editableUntil: null, comment, flagged } as Done;
}
