import { queryOptions } from '@tanstack/react-query';
import { http, type Page } from '@/api/http';
import type { components } from '@/api/schema';
import type { LabelClass } from '@/shared/classes/LabelClass';

type S = components['schemas'];

export type Guideline = S['Guideline'];
export type Example = S['GuidelineExample'];
export type Revision = S['GuidelineRevision'];
export type ExampleKind = Example['kind'];

export interface NewGuideline {
  instructions: string;
  examples: { item: string; kind: ExampleKind; class: string; sentence: string }[];
  note: string;
  base_revision: number;
}

const at = (project: string, queue: string) => `/api/v1/projects/${project}/queues/${queue}/guideline`;

export const guidelineQuery = (project: string, queue: string) =>
  queryOptions({
    queryKey: ['guideline', project, queue],
    queryFn: ({ signal }) => http.get<Guideline>(at(project, queue), { signal }),
    staleTime: 60_000,
  });

export const revisionsQuery = (project: string, queue: string) =>
  queryOptions({
    queryKey: ['guideline', project, queue, 'revisions'],
    queryFn: ({ signal }) => http.get<Page<Revision>>(`${at(project, queue)}/revisions`, { signal }),
  });

interface KnownClasses {
  classes: LabelClass[];
  /** Of a queue that asks several questions: those of each. */
  asked?: { classes: LabelClass[] }[];
}

/** The classes of all that is asked, each key once. */
export function allClasses({ classes, asked = [] }: KnownClasses): LabelClass[] {
  const all = asked.length > 0 ? asked.flatMap((one) => one.classes) : classes;
  return [...new Map([...all].reverse().map((one) => [one.key, one])).values()].reverse();
}

/** Classes that examples may be of, from what the workbench is told once. */
export const classesQuery = (project: string, queue: string) =>
  queryOptions({
    queryKey: ['workbench', project, queue],
    queryFn: ({ signal }) =>
      http.get<KnownClasses>(`/api/v1/projects/${project}/queues/${queue}/workbench`, {
        signal,
      }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });

export const publishGuideline = (project: string, queue: string, body: NewGuideline) =>
  http.put<Guideline>(at(project, queue), { body });

export const acknowledgeGuideline = (project: string, queue: string, revision: number) =>
  http.post<Guideline>(`${at(project, queue)}/acknowledge`, { body: { revision } });
