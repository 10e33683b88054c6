import type { Recipe } from './queries';

export const SPLITS = ['train', 'validation', 'test'] as const;
export type Split = (typeof SPLITS)[number];

/** A recipe as the form holds it: shares in percent, so that three typed numbers sum to exactly 100. */
export interface RecipeValues {
  name: string;
  /** Schema and question, since one chooses them together. */
  choice: string;
  sources: string[];
  populations: string[];
  /** Null: labels of any posterior. */
  minPosterior: number | null;
  percents: Record<Split, number>;
  /** Null: only equal bytes are held together. */
  bits: number | null;
}

export const choiceOf = (schema: string, question: string) => `${schema} ${question}`;

const DEFAULT_FRACTIONS: Record<string, number> = { train: 0.7, validation: 0.15, test: 0.15 };

/** The form at its start: as an earlier recipe was, or the server's own defaults. */
export function valuesFrom(given: Recipe | null, name: string, choice: string): RecipeValues {
  const fractions = given?.fractions ?? DEFAULT_FRACTIONS;
  const percent = (split: Split) => Math.round(1e4 * (fractions[split] ?? 0)) / 100;
  return {
    name: given?.name ?? name,
    choice: given ? choiceOf(given.schema, given.question) : choice,
    sources: given?.sources ?? [],
    populations: given?.populations ?? [],
    minPosterior: given?.min_posterior ?? null,
    percents: { train: percent('train'), validation: percent('validation'), test: percent('test') },
    bits: given?.near_duplicate_bits === undefined ? 4 : given.near_duplicate_bits,
  };
}

/** What is sent. Settings that the form does not show stay as they were in `given`. */
export function recipeFrom(values: RecipeValues, given: Recipe | null): Recipe {
  const [schema = '', question = ''] = values.choice.split(' ');
  const shares = SPLITS.filter((split) => values.percents[split] > 0);
  return {
    ...given,
    name: values.name.trim(),
    schema,
    question,
    sources: values.sources,
    populations: values.populations,
    min_posterior: values.minPosterior,
    fractions: Object.fromEntries(shares.map((split) => [split, values.percents[split] / 100])),
    near_duplicate_bits: values.bits,
  };
}

export function percentSum(percents: Record<Split, number>): number {
  return Math.round(100 * SPLITS.reduce((sum, split) => sum + percents[split], 0)) / 100;
}

/** What the server says, as lines that run: what it needs is imported, and the result has a name. */
export function program({ imports, code }: { imports: readonly string[]; code: string }): string {
  return [...imports, ...(imports.length > 0 ? [''] : []), `dataset = ${code}`].join('\n');
}
