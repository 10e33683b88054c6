import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { http, type Page } from '@/api/http';
import type { components } from '@/api/schema';
import type { LabelClass } from '@/shared/classes/LabelClass';

type S = components['schemas'];

export type Queue = S['Queue'];
export type Stats = S['Stats'];
export type Agreement = S['Agreement'];
export type Consensus = S['Consensus'];
export type MyQueue = S['MyQueue'];
export type Kind = 'expert' | 'staff' | 'vendor' | 'crowd';
export type SkipTo = Queue['skip_to'];
export type AtWork = S['AtWork'];
export type GoldItem = S['GoldItem'];
export type PersonOnGold = S['PersonOnGold'];
export const KINDS: readonly Kind[] = ['expert', 'staff', 'vendor', 'crowd'];

export interface SchemaQuestion {
  key: string;
  kind: string;
  title: Record<string, string>;
  n_classes: number;
  /** The earlier question that its condition looks at. */
  when?: string | null;
}

export interface SchemaRow {
  id: string;
  family: string;
  version: number;
  name: string;
  questions: SchemaQuestion[];
}

/** Which items go into a queue; what is not said does not narrow it. */
export interface Selection {
  sources?: string[];
  populations?: string[];
  without_issues?: string[];
  labelled?: boolean | null;
  name_contains?: string;
  sample?: number;
  seed?: number;
  priority?: number;
}

export interface QueueForm {
  name: string;
  schema: string;
  questions: string[];
  purpose: 'labeling';
  redundancy: number;
  kinds: Kind[];
  skills: string[];
  gold_share: number;
  auto_submit: boolean;
  instructions: string;
  skip_to: SkipTo;
  stop_at: number | null;
  stop_min: number;
  gold_misses: number | null;
  day_limit: number | null;
  person_limit: number | null;
  share_limit: number | null;
  selection: Selection | null;
}

export interface Facets {
  total: number;
  facets: { name: string; kind: string; values: { value: string; count: number }[] }[];
}

const at = (project: string) => `/api/v1/projects/${project}`;

export const queuesQuery = (project: string) =>
  queryOptions({
    queryKey: ['queues', project],
    queryFn: ({ signal }) =>
      http.get<Page<Queue>>(`${at(project)}/queues`, { query: { limit: 200 }, signal }),
    refetchInterval: 30_000,
  });

export const myWorkQuery = (project: string) =>
  queryOptions({
    queryKey: ['my-work', project],
    queryFn: ({ signal }) => http.get<{ queues: MyQueue[] }>(`${at(project)}/my-work`, { signal }),
  });

export const queueQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['queue', project, id],
    queryFn: ({ signal }) => http.get<Queue>(`${at(project)}/queues/${id}`, { signal }),
  });

export const statsQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['queue', project, id, 'stats'],
    queryFn: ({ signal }) => http.get<Stats>(`${at(project)}/queues/${id}/stats`, { signal }),
    refetchInterval: 15_000,
  });

export const atWorkQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['queue', project, id, 'at-work'],
    queryFn: ({ signal }) => http.get<Page<AtWork>>(`${at(project)}/queues/${id}/at-work`, { signal }),
    refetchInterval: 15_000,
  });

export const goldQuery = (project: string, id: string) =>
  infiniteQueryOptions({
    queryKey: ['queue', project, id, 'gold'],
    queryFn: ({ pageParam, signal }) =>
      http.get<Page<GoldItem>>(`${at(project)}/queues/${id}/gold`, {
        query: { limit: 50, cursor: pageParam },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page: Page<GoldItem>) => page.next,
  });

export const goldPeopleQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['queue', project, id, 'gold-people'],
    queryFn: ({ signal }) =>
      http.get<Page<PersonOnGold>>(`${at(project)}/queues/${id}/gold/people`, { signal }),
  });

export const takeOutGold = (project: string, id: string, task: number) =>
  http.delete(`${at(project)}/queues/${id}/gold/${task}`);

export const classesOfQueueQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['workbench', project, id],
    queryFn: ({ signal }) =>
      http.get<{ classes: LabelClass[] }>(`${at(project)}/queues/${id}/workbench`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const consensusQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['queue', project, id, 'consensus'],
    queryFn: ({ signal }) => http.get<Consensus>(`${at(project)}/queues/${id}/consensus`, { signal }),
  });

export const agreementQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['queue', project, id, 'agreement'],
    queryFn: ({ signal }) => http.get<Agreement>(`${at(project)}/queues/${id}/agreement`, { signal }),
  });

export const schemasQuery = (project: string) =>
  queryOptions({
    queryKey: ['schemas', project],
    queryFn: ({ signal }) =>
      http.get<Page<SchemaRow>>(`${at(project)}/schemas`, { query: { limit: 200 }, signal }),
  });

/** The explorer's own words for a selection, to count it. */
export function asFilter(selection: Selection): Record<string, string | readonly string[]> {
  const filter: Record<string, string | readonly string[]> = {};
  if (selection.sources?.length) filter.source = selection.sources;
  if (selection.populations?.length) filter.population = selection.populations;
  if (selection.without_issues?.length) filter.without_issue = selection.without_issues;
  if (selection.name_contains) filter.name = selection.name_contains;
  if (selection.labelled != null) filter.labelled = selection.labelled ? 'yes' : 'no';
  return filter;
}

export const facetsQuery = (project: string, filter: Record<string, string | readonly string[]>) =>
  queryOptions({
    queryKey: ['facets', project, filter],
    queryFn: ({ signal }) => http.get<Facets>(`${at(project)}/items/facets`, { query: filter, signal }),
  });

export const createQueue = (project: string, body: QueueForm, idempotencyKey: string) =>
  http.post<{ queue: Queue; job: string | null }>(`${at(project)}/queues`, { body, idempotencyKey });
export const changeQueue = (project: string, id: string, body: Partial<Queue>) =>
  http.patch<Queue>(`${at(project)}/queues/${id}`, { body });
export const fillQueue = (project: string, id: string, body: Selection, idempotencyKey: string) =>
  http.post<{ job: string }>(`${at(project)}/queues/${id}/tasks`, { body, idempotencyKey });
export const prioritise = (
  project: string,
  id: string,
  selection: Selection,
  priority: number,
  key: string,
) =>
  http.post<{ job: string }>(`${at(project)}/queues/${id}/priority`, {
    body: { selection, priority },
    idempotencyKey: key,
  });
export const reopen = (project: string, id: string, selection: Selection, reason: string, key: string) =>
  http.post<{ job: string }>(`${at(project)}/queues/${id}/reopen`, {
    body: { selection, reason },
    idempotencyKey: key,
  });
export const pausePerson = (project: string, id: string, state: 'active' | 'paused') =>
  http.patch(`${at(project)}/people/${id}`, { body: { state } });
export const startConsensus = (project: string, id: string, method: string, idempotencyKey: string) =>
  http.post<{ job: string }>(`${at(project)}/queues/${id}/consensus`, { body: { method }, idempotencyKey });
export const acceptConsensus = (project: string, id: string, threshold: number, idempotencyKey: string) =>
  http.post<{ job: string }>(`${at(project)}/queues/${id}/consensus/accept`, {
    body: { threshold },
    idempotencyKey,
  });
