import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { QuestionInUse } from '@/shared/questions/useQuestionHere';
import type { Attribute, ItemCard, SchemaQuestion } from './queries';

/** The explorer's filter lives in the address under the names that the API has for it, so a link restores it. */

const NAMES = [
  'name',
  'source',
  'population',
  'kind',
  'label',
  'labelled',
  'issue',
  'without_issue',
  'version',
  'split',
  'group',
] as const;

export type ItemFilter = Readonly<Record<string, readonly string[]>>;

const isOurs = (name: string) => (NAMES as readonly string[]).includes(name) || name.startsWith('attr.');
const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value])
    .filter((one) => one !== null && one !== undefined && one !== '')
    .map(String);

export function readFilter(search: Record<string, unknown>): ItemFilter {
  const found: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(search)) {
    const values = isOurs(name) ? texts(value) : [];
    if (values.length > 0) found[name] = values;
  }
  return found;
}

export interface FilterHere {
  filter: ItemFilter;
  count: number;
  set: (name: string, values: readonly string[]) => void;
  /** Several at once. */
  change: (changes: ItemFilter) => void;
  toggle: (name: string, value: string) => void;
  clear: () => void;
}

export function useItemFilter(): FilterHere {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const filter = useMemo(() => readFilter(search), [search]);
  const write = (change: (before: Record<string, unknown>) => Record<string, unknown>) =>
    void navigate({ to: '.', search: change as never, replace: true });
  const change = (changes: ItemFilter) =>
    write((before) => {
      const next = { ...before };
      // A split is a part of a version: it goes with it.
      if ('version' in changes) delete next.split;
      for (const [name, values] of Object.entries(changes)) {
        if (values.length === 0) delete next[name];
        else next[name] = values.length === 1 ? values[0] : values;
      }
      return next;
    });
  const set = (name: string, values: readonly string[]) => change({ [name]: values });
  return {
    filter,
    count: Object.keys(filter).length,
    set,
    change,
    toggle: (name, value) => {
      const now = filter[name] ?? [];
      set(name, now.includes(value) ? now.filter((one) => one !== value) : [...now, value]);
    },
    clear: () =>
      write((before) => Object.fromEntries(Object.entries(before).filter(([name]) => !isOurs(name)))),
  };
}

/** A class and all below it. */
export function withSubclasses(question: SchemaQuestion | undefined, keys: readonly string[]): string[] {
  const classes = question?.classes ?? [];
  const wanted = new Set(keys);
  for (let grew = true; grew; ) {
    grew = false;
    for (const one of classes) {
      if (one.parent !== null && wanted.has(one.parent) && !wanted.has(one.key)) {
        wanted.add(one.key);
        grew = true;
      }
    }
  }
  return [...wanted];
}

/** The label of an item for a question, whatever version of the schema it was given under. */
export const labelOf = (item: ItemCard, asked: QuestionInUse | undefined) =>
  item.labels.find((one) => one.family === asked?.family && one.question === asked?.question);

/** Whether labels of a certain question choose the items: a queue that asks another one must be told which. */
export const aboutLabels = (filter: ItemFilter) => Boolean(filter.label ?? filter.labelled);

interface Condition {
  name: string;
  values?: unknown[];
  low?: number;
  high?: number;
  missing?: boolean;
}

function typed(text: string, type: Attribute['type'] | undefined): unknown {
  if (type === 'boolean') return ['true', 'yes', '1'].includes(text.toLowerCase());
  return type === 'category' || type === 'text' || type === 'datetime' ? text : Number(text);
}

function conditions(filter: ItemFilter, attributes: readonly Attribute[]): Condition[] {
  const found = new Map<string, Condition>();
  for (const [parameter, values] of Object.entries(filter)) {
    if (!parameter.startsWith('attr.')) continue;
    const match = /^attr\.(.+?)(?:\.(min|max|missing))?$/s.exec(parameter);
    const name = match?.[1] ?? '';
    const one = found.get(name) ?? { name };
    const type = attributes.find((attribute) => attribute.name === name)?.type;
    if (match?.[2] === 'min') one.low = Number(values[0]);
    else if (match?.[2] === 'max') one.high = Number(values[0]);
    else if (match?.[2] === 'missing') one.missing = values[0] === 'yes';
    else one.values = values.map((value) => typed(value, type));
    found.set(name, one);
  }
  return [...found.values()];
}

/** The same filter as a selection of a queue. */
export function toSelection(
  filter: ItemFilter,
  question: SchemaQuestion | undefined,
  attributes: readonly Attribute[],
): Record<string, unknown> {
  const selection: Record<string, unknown> = {};
  const lists = {
    source: 'sources',
    population: 'populations',
    kind: 'kinds',
    issue: 'issues',
    without_issue: 'without_issues',
  };
  for (const [name, key] of Object.entries(lists)) if (filter[name]) selection[key] = filter[name];
  if (filter.label) selection.classes = withSubclasses(question, filter.label);
  if (filter.labelled) selection.labelled = filter.labelled[0] === 'yes';
  if (filter.name) selection.name_contains = filter.name[0];
  for (const name of ['version', 'split', 'group']) if (filter[name]) selection[name] = filter[name]?.[0];
  const about = conditions(filter, attributes);
  if (about.length > 0) selection.conditions = about;
  return selection;
}
