import type { Answer, Question } from '../types';

/** What is typed in answer to a question for a number or a text; docs/label-format.md. */

export interface FieldQuestion extends Omit<Question, 'kind'> {
  kind: 'number' | 'text';
  min?: number | null;
  max?: number | null;
  step?: number | null;
  unit?: string;
  max_length?: number | null;
}

export type FieldFault = 'empty' | 'not_a_number' | 'too_low' | 'too_high' | 'off_step' | 'too_long';

export const isFieldQuestion = (question: Question): question is FieldQuestion =>
  question.kind === 'number' || question.kind === 'text';

const DECIMALS = 9;
const MAX_LENGTH = 2000;

/** The answer, or why what was typed is none. A comma is read as a decimal point. */
export function readField(question: FieldQuestion, typed: string): Answer | FieldFault {
  const text = typed.normalize('NFC').replaceAll('\r\n', '\n').trim();
  if (text === '') return 'empty';
  if (question.kind === 'text') {
    const most = question.max_length ?? MAX_LENGTH;
    return [...text].length > most ? 'too_long' : { kind: 'text', text };
  }
  const number = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/i.test(text)
    ? Number(text.replace(',', '.'))
    : Number.NaN;
  if (!Number.isFinite(number)) return 'not_a_number';
  const { min = null, max = null, step = null } = question;
  if (min !== null && number < min) return 'too_low';
  if (max !== null && number > max) return 'too_high';
  if (step !== null && !onStep(number, min ?? 0, step)) return 'off_step';
  return { kind: 'number', number: Number(number.toFixed(DECIMALS)) };
}

/** Steps are counted from the least value; floating point may miss one by a hair. */
function onStep(number: number, from: number, step: number): boolean {
  const steps = (number - from) / step;
  return Math.abs(steps - Math.round(steps)) < 1e-6;
}

/** What was answered before, as it was typed. */
export function typedOf(answer: Answer | null): string {
  if (answer?.kind === 'number') return String(answer.number);
  return answer?.kind === 'text' ? answer.text : '';
}
