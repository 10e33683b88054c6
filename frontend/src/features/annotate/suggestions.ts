import { queryOptions } from '@tanstack/react-query';
import { http } from '@/api/http';
import type { Suggestion } from './types';

export interface Suggestions {
  /** The model that was asked; null where none answers this queue's question. */
  model: { id: string; name: string } | null;
  /** By task; those that the model could not read are left out. */
  results: (Omit<Suggestion, 'model'> & { task: number })[];
}

/** What the model in use says of tasks that one holds; asked for only when a person wants to see it. */
export const suggestionsQuery = (project: string, queue: string, tasks: readonly number[], wanted: boolean) =>
  queryOptions({
    queryKey: ['suggestions', project, queue, [...tasks].sort((a, b) => a - b)],
    queryFn: ({ signal }) =>
      http.get<Suggestions>(`/api/v1/projects/${project}/queues/${queue}/suggestions`, {
        signal,
        query: { task: tasks },
      }),
    enabled: wanted && tasks.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    retry: false,
  });
