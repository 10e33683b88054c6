import type { Answer, Lease, Remark, Submission, WorkItem } from '../types';

/** What lies on the table, and what was answered before. */

export interface Draft {
  classes: readonly string[];
  comment: string;
  flagged: boolean;
  /** In the grid, where an answer without a class waits like any other to be submitted. */
  instead?: 'none_of_these' | 'cannot_tell';
}

/** A task on the table: leased and not yet answered, or answered and gone back to. */
export interface Work {
  lease: string;
  task: number;
  item: WorkItem;
  revision: number;
  /** The answer given before, when there is one. */
  given: Answer | null;
  /** Until when a new revision is taken; null while the server has not said. */
  editableUntil: number | null;
  /** What a reviewer said who sent it back. */
  remark?: Remark | null;
}

export interface Done extends Work {
  comment: string;
  flagged: boolean;
}

export const EMPTY: Draft = { classes: [], comment: '', flagged: false };

export function isDraft(value: unknown): value is Draft {
  return typeof value === 'object' && value !== null && 'classes' in value && Array.isArray(value.classes);
}

export const draftOf = (answer: Answer | null, comment = '', flagged = false): Draft => ({
  classes: answer?.kind === 'class' ? answer.classes : [],
  comment,
  flagged,
});

export function doneOf(one: Submission): Done {
  const { lease, task, item, revision, comment, flagged } = one;
  const editableUntil = one.editable_until ? Date.parse(one.editable_until) : null;
  return { lease, task, item, revision, given: one.answer, editableUntil, comment, flagged };
}

export function workOf(lease: Lease): Work {
  return {
    lease: lease.lease,
    task: lease.task,
    item: lease.item,
    revision: lease.previous?.revision ?? 0,
    given: lease.previous?.answer ?? lease.remark?.answer ?? null,
    editableUntil: null,
    remark: lease.remark ?? null,
  };
}
