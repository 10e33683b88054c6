import { queryOptions } from '@tanstack/react-query';
import { http, type Page } from '@/api/http';
import type { components } from '@/api/schema';

type S = components['schemas'];

export type Home = S['HomeOut'];
export type Station = S['StationOut'];
export type StationKey = Station['key'];
export type NextStep = Omit<S['NextStepOut'], 'data'> & { data: Record<string, string | number> };
export type VersionGlance = S['VersionGlanceOut'];
export type MyWork = S['MyWork'];
export type MyQueue = S['MyQueue'];
export type Batch = S['BatchOut'];
export type Version = S['VersionOut'];

export interface News {
  id: string;
  code: string;
  data: Record<string, unknown>;
  /** A path of this application, or empty. */
  link: string;
  created_at: string;
  read_at: string | null;
}

const at = (project: string) => `/api/v1/projects/${project}`;

export const homeQuery = (project: string) =>
  queryOptions({
    queryKey: ['home', project],
    queryFn: ({ signal }) =>
      http.get<Omit<Home, 'next_steps'> & { next_steps: NextStep[] }>(`${at(project)}/home`, { signal }),
    refetchInterval: 20_000,
  });

export const myWorkQuery = (project: string) =>
  queryOptions({
    queryKey: ['my-work', project],
    queryFn: ({ signal }) => http.get<MyWork>(`${at(project)}/my-work`, { signal }),
  });

export const batchesQuery = (project: string) =>
  queryOptions({
    queryKey: ['hard-samples', project],
    queryFn: ({ signal }) => http.get<Page<Batch>>(`${at(project)}/hard-samples`, { signal }),
  });

export const versionQuery = (project: string, ref: string) =>
  queryOptions({
    queryKey: ['version', project, ref],
    queryFn: ({ signal }) =>
      http.get<Version>(`${at(project)}/versions/${encodeURIComponent(ref)}`, { signal }),
    enabled: ref !== '',
  });

export const newsQuery = (project: string) =>
  queryOptions({
    queryKey: ['notifications', project],
    queryFn: ({ signal }) => http.get<Page<News>>(`${at(project)}/notifications`, { signal }),
  });

const WEEK = 7 * 86_400_000;

/** How many hard samples were sent back to people this week: what flows through the arrow that closes the loop. */
export function sentBack(batches: readonly Batch[], now = Date.now()): number {
  return batches
    .filter((one) => (one.queue || one.audit) && now - Date.parse(one.created_at) < WEEK)
    .reduce((sum, one) => sum + (one.summary?.chosen ?? 0), 0);
}
