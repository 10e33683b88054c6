import type { Above } from '../shapes/Desk';
import type { Question } from '../types';

/** Which of several questions are asked, given the answers so far: the server's own rule, docs/label-format.md. */

export interface Conditioned {
  question: Pick<Question, 'key' | 'when'>;
  /** Keys from a class of the question up to its root. */
  above: Above;
}

/**
 * Keys of the questions that are asked, in their order. `classesOf`: class keys of the answer to a question, whether it is
 * asked or not. A condition on a question that is not among them does not count; one on a question that is not asked, or
 * has no answer, does not hold.
 */
export function askedNow(
  questions: readonly Conditioned[],
  classesOf: (key: string) => readonly string[],
): string[] {
  const asked: string[] = [];
  for (const { question } of questions) {
    const { key, when } = question;
    const earlier = when && questions.find((one) => one.question.key === when.question);
    const holds =
      !when ||
      !earlier ||
      (asked.includes(when.question) &&
        classesOf(when.question).some((chosen) =>
          [chosen, ...earlier.above(chosen)].some((one) => when.has.includes(one)),
        ));
    if (holds) asked.push(key);
  }
  return asked;
}
