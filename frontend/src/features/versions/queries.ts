import { queryOptions } from '@tanstack/react-query';
import { http, type Page } from '@/api/http';
import { isRunning, type Job } from '@/api/jobs';
import type { components } from '@/api/schema';

type S = components['schemas'];

export type VersionRow = S['VersionListOut'];
export type Summary = S['SummaryOut'];
export type Recipe = S['RecipeIn'];
export type Diff = S['DiffOut'];
export type Format = S['FormatOut'];
export type Source = S['SourceOut'];

export type Loading = S['LoadingOut'];
export type Version = S['VersionOut'];
export type Export = Omit<S['ExportOut'], 'job'> & { job: Job | null };

export interface Exports {
  formats: Format[];
  exports: Export[];
}

export interface SchemaRow {
  id: string;
  version: number;
  name: string;
  questions: { key: string; title: Record<string, string>; n_classes: number }[];
}

/** What the job of a freeze ends with; `created` false: the same content was frozen before. */
export interface Frozen {
  version: string;
  content_hash: string;
  created: boolean;
  items: number;
}

const at = (project: string, path: string) => `/api/v1/projects/${project}/${path}`;
const one = (project: string, ref: string) => at(project, `versions/${encodeURIComponent(ref)}`);

export const versionsQuery = (project: string) =>
  queryOptions({
    queryKey: ['versions', project],
    queryFn: ({ signal }) =>
      http.get<Page<VersionRow>>(at(project, 'versions'), { query: { limit: 200 }, signal }),
  });

export const versionQuery = (project: string, ref: string) =>
  queryOptions({
    queryKey: ['version', project, ref],
    queryFn: ({ signal }) => http.get<Version>(one(project, ref), { signal }),
  });

export const diffQuery = (project: string, before: string, after: string) =>
  queryOptions({
    queryKey: ['version', project, before, 'diff', after],
    queryFn: ({ signal }) => http.get<Diff>(`${one(project, before)}/diff`, { query: { to: after }, signal }),
    staleTime: Number.POSITIVE_INFINITY, // both are frozen
  });

export const isBeingMade = (file: Export) => !file.url && file.job !== null && isRunning(file.job);

export const exportsQuery = (project: string, ref: string) =>
  queryOptions({
    queryKey: ['version', project, ref, 'exports'],
    queryFn: ({ signal }) => http.get<Exports>(`${one(project, ref)}/exports`, { signal }),
    refetchInterval: ({ state }) => (state.data?.exports.some(isBeingMade) ? 1500 : false),
  });

export const schemasQuery = (project: string) =>
  queryOptions({
    queryKey: ['schemas', project],
    queryFn: ({ signal }) =>
      http.get<Page<SchemaRow>>(at(project, 'schemas'), { query: { limit: 200 }, signal }),
  });

export const sourcesQuery = (project: string) =>
  queryOptions({
    queryKey: ['sources', project, 'all'],
    queryFn: ({ signal }) =>
      http.get<Page<Source>>(at(project, 'sources'), { query: { limit: 200 }, signal }),
  });

export const previewQuery = (project: string, recipe: Recipe) =>
  queryOptions({
    queryKey: ['versions', project, 'preview', recipe],
    queryFn: ({ signal }) => http.post<Summary>(at(project, 'versions/preview'), { body: recipe, signal }),
    retry: false,
  });

export const freeze = (project: string, recipe: Recipe, idempotencyKey: string) =>
  http.post<Job>(at(project, 'versions'), { body: recipe, idempotencyKey });

export const makeExport = (project: string, ref: string, format: string, idempotencyKey: string) =>
  http.post<Export>(`${one(project, ref)}/exports`, { body: { format }, idempotencyKey });
