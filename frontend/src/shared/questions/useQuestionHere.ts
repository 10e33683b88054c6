import { queryOptions, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { http } from '@/api/http';
import type { components } from '@/api/schema';

export type QuestionInUse = components['schemas']['QuestionInUseOut'];

/** What can be asked in the project by its newest schemas; what has the most labels comes first. */
export const questionsQuery = (project: string) =>
  queryOptions({
    // Below the schemas: who makes one makes these stale too.
    queryKey: ['schemas', project, 'in use'],
    queryFn: ({ signal }) => http.get<QuestionInUse[]>(`/api/v1/projects/${project}/questions`, { signal }),
    staleTime: 30_000,
  });

export interface QuestionHere {
  /** Whether it is known by now what can be asked. */
  isReady: boolean;
  questions: readonly QuestionInUse[];
  /** That of the address, else the one with the most labels; none where there is no schema. */
  question: QuestionInUse | undefined;
  choose: (question: QuestionInUse) => void;
}

/** What of an address says which question it is about: for links between pages that go on with it. */
export const aboutQuestion = ({ schema, question }: Record<string, unknown>) => ({
  ...(typeof schema === 'string' && typeof question === 'string' && { schema, question }),
});

/** Kinds of questions whose answers name classes. */
export const WITH_CLASSES = ['single_choice', 'multiple_choice', 'shapes'];

export const idOf = (one: QuestionInUse) => `${one.schema} ${one.question}`;

/**
 * The question whose labels a page is about. The address names its family, so a link outlives a new version.
 * kinds: of which kinds it may be; all when left out.
 */
export function useQuestionHere(project: string, kinds?: readonly string[]): QuestionHere {
  const { data = [], isFetched } = useQuery(questionsQuery(project));
  const questions = kinds ? data.filter((one) => kinds.includes(one.kind)) : data;
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const chosen = questions.find((one) => one.family === search.schema && one.question === search.question);
  const choose = (one: QuestionInUse) => {
    const change = ({ label: _, ...before }: Record<string, unknown>) => ({
      // A filter by a class of the question before would match nothing.
      ...before,
      schema: one.family,
      question: one.question,
    });
    void navigate({ to: '.', search: change as never, replace: true });
  };
  return { isReady: isFetched, questions, question: chosen ?? questions[0], choose };
}
