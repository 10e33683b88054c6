import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type QuestionInUse, useQuestionHere } from '@/shared/questions/useQuestionHere';
import { type SchemaQuestion, schemaQuery } from './queries';

export interface Classes {
  question: SchemaQuestion | undefined;
  /** A class as people call it; its key where we do not know it. */
  nameOf: (key: string) => string;
  /** Its name with those above it: "Food › Fruit › Apple". */
  pathOf: (key: string) => string;
}

export const inLanguage = (names: Record<string, string>, language: string, key: string) =>
  names[language] ?? names[language.slice(0, 2)] ?? names.en ?? Object.values(names)[0] ?? key;

/** The classes of one schema. Of two questions that share a key, `question` is the one whose class is meant. */
export function useClassesOf(project: string, schema: string, question = ''): Classes {
  const { i18n } = useTranslation();
  const { data } = useQuery(schemaQuery(project, schema));
  const { language } = i18n;
  return useMemo(() => {
    const questions = data?.document.questions ?? [];
    const asked = questions.find((one) => one.key === question);
    const known = new Map(
      [...questions, ...(asked ? [asked] : [])]
        .flatMap((one) => one.classes ?? [])
        .map((one) => [one.key, one]),
    );
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
    return { question: asked, nameOf, pathOf };
  }, [data, question, language]);
}

/** The classes of the question that the page is about. */
export function useClasses(project: string): Classes & { asked: QuestionInUse | undefined } {
  const { question: asked } = useQuestionHere(project);
  return { asked, ...useClassesOf(project, asked?.schema ?? '', asked?.question) };
}
