import type { Answer as Given, Question } from '@/features/annotate/types';
import { counted, optionsOf, shapesOf, token } from './answers';
import { keptAs, tableOf } from './fixing';
import type { Answer, Case, GivenAnswer } from './queries';

/** What a correction of the answers to several questions needs beside a sheet. */

/** Of the answers to several questions: where a correction begins, and the id of the answer it is. */
export function answersOf(one: Case): { from: number | null; answer: Answer | null } {
  if (one.answer) return { from: one.fixed_from, answer: one.answer };
  const first = optionsOf(one)[0]?.given[0] ?? counted(one)[0];
  const settled = one.estimate?.answer.answers;
  if (!settled) return { from: first?.id ?? null, answer: first?.answer ?? null };
  // What the consensus says, and where it says nothing what that person gave.
  return {
    from: first?.id ?? null,
    answer: { kind: 'answers', answers: { ...first?.answer.answers, ...settled } },
  };
}

/** Answers as the server tells them carry fields of other kinds besides; a sheet reads only their own. */
export const asGiven = (answer: Answer | null): Given | null => answer as Given | null;

/** The case as sheet and desk see it. What it begins with can be changed for a question that is asked only later. */
export function answersTable(one: Case) {
  const { from, answer } = answersOf(one);
  let table = tableOf(one, asGiven(answer) ?? { kind: 'answers', answers: {} });
  return {
    from,
    session: { onCurrent: () => () => undefined, snapshot: () => table.snapshot() },
    begin: (given: GivenAnswer) => {
      table = tableOf(one, asGiven(given.answer) ?? { kind: 'answers', answers: {} });
    },
    keptAs: (_task: number, what: 'answers' | 'shapes') =>
      what === 'shapes' ? keptAs(one) : `review:${one.id}:answers`,
  };
}

const idsOf = (answer: Answer | undefined): Set<unknown> =>
  new Set(shapesOf(answer ?? { kind: 'shapes' }).map((shape) => (shape as { id?: string }).id));

/** How much of the corrected answers somebody gave: one for each question alike, and of shapes the share that is theirs. */
function shared(asked: readonly Pick<Question, 'key' | 'kind'>[], fixed: Answer, given: Answer): number {
  return asked.reduce((sum, { key, kind }) => {
    const [now, before] = [fixed.answers?.[key], given.answers?.[key]];
    if (!now || !before) return sum;
    if (token(now) === token(before)) return sum + 1;
    if (kind !== 'shapes') return sum;
    const ids = idsOf(now);
    const own = idsOf(before);
    return ids.size === 0 ? sum : sum + [...own].filter((id) => ids.has(id)).length / ids.size;
  }, 0);
}

/**
 * Whose answers corrected ones were made of: of all that count the one that shares most with them. `chosen` breaks a tie.
 * Null where nothing of anybody's is left.
 */
export function madeOfAnswers(
  one: Case,
  asked: readonly Pick<Question, 'key' | 'kind'>[],
  fixed: Answer,
  chosen: number | null,
): number | null {
  const all = counted(one).map(({ id, answer }) => ({ id, n: shared(asked, fixed, answer) }));
  const most = Math.max(0, ...all.map(({ n }) => n));
  const best = all.filter(({ n }) => n === most);
  if (most === 0) return null;
  return best.find(({ id }) => id === chosen)?.id ?? best[0]?.id ?? null;
}
