import type { Answer, Case, GivenAnswer } from './queries';

/** JSON with its keys in one order, whatever order they came in. */
function plain(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plain).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, one]) => one !== undefined && one !== null);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, one]) => `${JSON.stringify(key)}:${plain(one)}`)
    .join(',')}}`;
}

/** Equal answers have equal tokens; classes in any order. */
export function token(answer: Answer): string {
  if (answer.kind === 'class') return `class:${[...(answer.classes ?? [])].sort().join(',')}`;
  if (answer.kind === 'none_of_these' || answer.kind === 'cannot_tell') return answer.kind;
  const { kind, number, text, shapes, answers } = answer;
  return `${kind}:${plain({ number, text, shapes, answers })}`;
}

/** What is sent to settle with an answer that somebody gave: its own fields, without those of other kinds. */
export function sendable(answer: Answer): Answer {
  const { kind, classes, number, text, shapes, answers } = answer;
  if (kind === 'class') return { kind, classes: [...(classes ?? [])] };
  if (kind === 'number') return { kind, number };
  if (kind === 'text') return { kind, text };
  if (kind === 'shapes') return { kind, shapes };
  if (kind === 'answers') return { kind, answers };
  return { kind };
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

/** The answers that count: no skips, and nothing that was sent back. */
export const counted = (one: Case): GivenAnswer[] =>
  one.answers.filter((given) => given.answer.kind !== 'skip' && !given.sent_back);

/**
 * What people said about one item, the leading answer first: by the consensus where there is one, else by how many said
 * it. Skips are no answer, and neither is what was sent back.
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
  // A consensus that leaves a question open is no answer to settle with.
  if (one.estimate && one.estimate.unsettled.length === 0)
    add(one.estimate.answer).probability = one.estimate.posterior;
  for (const given of counted(one)) add(given.answer).given.push(given);
  return [...options.values()].sort(
    (a, b) => (b.probability ?? 0) - (a.probability ?? 0) || b.given.length - a.given.length,
  );
}

/** Shapes of an answer, also of one to several questions. */
export function shapesOf(answer: Answer): unknown[] {
  if (answer.kind === 'shapes') return answer.shapes ?? [];
  if (answer.kind !== 'answers') return [];
  return Object.values(answer.answers ?? {}).flatMap((one) => shapesOf(one));
}

/** Whose answers a reviewer most likely sends back: those that do not say what leads; all, when all say it. */
export function doubtful(one: Case): number[] {
  const answers = counted(one);
  const leading = optionsOf(one)[0]?.token;
  const others = answers.filter((given) => token(given.answer) !== leading);
  return (others.length > 0 ? others : answers).map((given) => given.id);
}
