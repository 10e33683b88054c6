import type { Answer, Case, GivenAnswer } from './queries';

/** Equal answers have equal tokens; classes in any order. */
export function token(answer: Answer): string {
  return answer.kind === 'class' ? `class:${[...(answer.classes ?? [])].sort().join(',')}` : answer.kind;
}

export interface Option {
  token: string;
  answer: Answer;
  /** How many people said it. */
  given: readonly GivenAnswer[];
  /** How sure the consensus is of it; null when it does not say. */
  probability: number | null;
}

function keyOf(answer: Answer): string {
  if (answer.kind === 'none_of_these') return '__none__';
  return answer.classes?.join(',') ?? '';
}

/**
 * What people said about one item, the leading answer first: by the consensus where there is one, else by how many said
 * it. Skips are no answer.
 */
export function optionsOf(one: Case): Option[] {
  const options = new Map<string, Option & { given: GivenAnswer[] }>();
  const sure = new Map((one.estimate?.distribution ?? []).map((share) => [share.key, share.probability]));
  const add = (answer: Answer) => {
    const key = token(answer);
    const known = options.get(key);
    if (known) return known;
    const made = { token: key, answer, given: [], probability: sure.get(keyOf(answer)) ?? null };
    options.set(key, made);
    return made;
  };
  if (one.estimate) add(one.estimate.answer).probability = one.estimate.posterior;
  for (const given of one.answers) {
    if (given.answer.kind !== 'skip') add(given.answer).given.push(given);
  }
  return [...options.values()].sort(
    (a, b) => (b.probability ?? 0) - (a.probability ?? 0) || b.given.length - a.given.length,
  );
}
