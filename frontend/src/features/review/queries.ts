import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { http, type Page } from '@/api/http';
import type { components } from '@/api/schema';
import type { LabelClass } from '@/shared/classes/LabelClass';

type S = components['schemas'];

/** What a case can be settled with: everything a person may answer, but no skip. */
export type Answer = {
  kind: 'class' | 'none_of_these' | 'cannot_tell' | 'skip';
  classes?: string[];
  reason?: string | null;
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
    question: {
      title: string;
      titles: Record<string, string>;
      allow_none: boolean;
      allow_cannot_tell: boolean;
      kind: string;
    };
  };
  classes: LabelClass[];
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
      http.get<Page<{ id: string; name: string; n_open_cases: number }>>(`${at(project)}/queues`, {
        query: { limit: 200 },
        signal,
      }),
  });

export const settle = (
  project: string,
  id: string,
  body: { answer: Answer; note: string; replace: boolean },
) => http.post<Case>(`${at(project)}/review/${id}/settle`, { body });
