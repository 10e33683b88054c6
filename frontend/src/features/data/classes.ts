import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type SchemaQuestion, type SchemaSummary, schemaQuery, schemasQuery } from './queries';

export interface ClassesHere {
  /** Whether it is known by now that there is a schema, or none. */
  isReady: boolean;
  schema: SchemaSummary | undefined;
  question: SchemaQuestion | undefined;
  /** A class as people call it; its key where we do not know it. */
  nameOf: (key: string) => string;
  /** Its name with those above it: "Food › Fruit › Apple". */
  pathOf: (key: string) => string;
}

export const inLanguage = (names: Record<string, string>, language: string, key: string) =>
  names[language] ?? names[language.slice(0, 2)] ?? names.en ?? Object.values(names)[0] ?? key;

/** The newest label schema with its first question: what the explorer filters labels by. */
export function useClasses(project: string): ClassesHere {
  const { i18n } = useTranslation();
  const { data: list, isFetched: isReady } = useQuery(schemasQuery(project));
  const schema = list?.results[0];
  const { data } = useQuery(schemaQuery(project, schema?.id ?? ''));
  const question = data?.document.questions[0];
  const { language } = i18n;
  return useMemo(() => {
    // Labels of other questions are shown too; where two classes share a key, that of the first question is meant.
    const classes = data?.document.questions.flatMap((one) => one.classes ?? []) ?? [];
    const known = new Map([...classes].reverse().map((one) => [one.key, one]));
    const nameOf = (key: string) => {
      const one = known.get(key);
      return one ? inLanguage(one.names, language, key) : key;
    };
    const pathOf = (key: string) => {
      const path: string[] = [];
      const seen = new Set<string>();
      for (let at: string | null = key; at !== null && !seen.has(at); at = known.get(at)?.parent ?? null) {
        seen.add(at);
        path.unshift(nameOf(at));
      }
      return path.join(' › ');
    };
    return { isReady, schema, question, nameOf, pathOf };
  }, [isReady, schema, question, data, language]);
}
