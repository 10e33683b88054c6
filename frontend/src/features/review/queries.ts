import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { http, type Page } from '@/api/http';
import type { components } from '@/api/schema';
import type { Asked, Question } from '@/features/annotate/types';
import type { LabelClass } from '@/shared/classes/LabelClass';

type S = components['schemas'];

/** What a case can be settled with: everything a person may answer, but no skip. */
export type Answer = {
  kind: 'class' | 'number' | 'text' | 'shapes' | 'answers' | 'none_of_these' | 'cannot_tell' | 'skip';
  classes?: string[] | undefined;
  reason?: string | null | undefined;
  number?: number | undefined;
  text?: string | undefined;
  /** In the engine's label format. */
  shapes?: unknown[] | undefined;
  /** To several questions, by question. */
  answers?: Record<string, Answer> | undefined;
};
export type GivenAnswer = Omit<S['GivenAnswer'], 'answer'> & { answer: Answer };
export type Case = Omit<S['ReviewCase'], 'answer' | 'answers' | 'estimate'> & {
  answer: Answer | null;
  answers: GivenAnswer[];
  estimate: (Omit<S['CaseEstimate'], 'answer'> & { answer: Answer }) | null;
};
export type Filter = { queue: string; state: string; reason: string };

export interface ReviewSchema {
  queue: {
    name: string;
    purpose?: string;
    question: Question;
  };
  classes: LabelClass[];
  /** Of a queue that asks several questions: each of them. */
  asked?: Asked[];
}

const at = (project: string) => `/api/v1/projects/${project}`;

export const casesQuery = (project: string, filter: Filter) =>
  infiniteQueryOptions({
    queryKey: ['review', project, filter],
    queryFn: ({ pageParam, signal }) =>
      http.get<Page<Case>>(`${at(project)}/review`, {
        query: { ...filter, limit: 60, cursor: pageParam },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page: Page<Case>) => page.next,
    // Somebody who is reviewing must not have the list change under the hand.
    refetchOnWindowFocus: false,
  });

export const schemaOfQueueQuery = (project: string, queue: string) =>
  queryOptions({
    queryKey: ['workbench', project, queue],
    queryFn: ({ signal }) => http.get<ReviewSchema>(`${at(project)}/queues/${queue}/workbench`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    enabled: queue !== '',
  });

export const queueNamesQuery = (project: string) =>
  queryOptions({
    queryKey: ['queues', project],
    queryFn: ({ signal }) =>
      http.get<Page<{ id: string; name: string; purpose: string; n_open_cases: number }>>(
        `${at(project)}/queues`,
        {
          query: { limit: 200 },
          signal,
        },
      ),
  });

export const settle = (
  project: string,
  id: string,
  body: { answer: Answer; fixed_from: number | null; note: string; replace: boolean },
) => http.post<Case>(`${at(project)}/review/${id}/settle`, { body });

export interface ReturnBody {
  to: 'annotator' | 'pool';
  answers: number[];
  comment: string;
  x: number | null;
  y: number | null;
}

export const sendBack = (project: string, id: string, body: ReturnBody, idempotencyKey: string) =>
  http.post<Case>(`${at(project)}/review/${id}/return`, { body, idempotencyKey });

export type Plan = S['ReviewedQuality'];

export const planQuery = (project: string, queue: string) =>
  queryOptions({
    queryKey: ['review-plan', project, queue],
    queryFn: ({ signal }) => http.get<Plan>(`${at(project)}/queues/${queue}/review-plan`, { signal }),
    enabled: queue !== '',
  });

export const setPlan = (
  project: string,
  queue: string,
  body: { share: number; agreement_below: number | null },
) => http.put<Plan>(`${at(project)}/queues/${queue}/review-plan`, { body });

export interface Written {
  kind: string;
  text: string;
  columns: { name: string; value: unknown; unit: string }[];
}

export const writtenQuery = (url: string) =>
  queryOptions({
    queryKey: ['written', url],
    queryFn: ({ signal }) => http.get<Written>(url, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
