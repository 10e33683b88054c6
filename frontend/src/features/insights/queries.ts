import { queryOptions } from '@tanstack/react-query';
import { http, type Page } from '@/api/http';
import type { Job } from '@/api/jobs';
import type { components } from '@/api/schema';

type S = components['schemas'];
/** The schema does not know that a job's fields are always there. */
type Report<T extends { job: unknown }> = Omit<T, 'job'> & { job: Job | null };
export interface Latest<T> {
  report: T | null;
  running: Job | null;
}

export type Media = S['MediaOut'];
export type Pictures = Readonly<Record<string, Media>>;
export type Understand = Report<S['UnderstandOut']>;
export type UnderstandResult = S['UnderstandResultOut'];
export type NumberColumn = S['NumberOut'];
export type CategoryColumn = S['CategoryOut'];
export type LeakFinding = S['LeakFindingOut'];
export type Represent = Report<S['RepresentOut']>;
export type RepresentResult = S['RepresentResultOut'];
export type AttributeComparison = S['AttributeComparisonOut'];
export type SamplingBias = Report<S['SamplingBiasReportOut']>;
export type SamplingBiasResult = S['SamplingBiasResultOut'];
export type Margin = Omit<S['MarginOut'], 'shares'> & { shares: Record<string, number> };

export interface Selection {
  version?: string;
  split?: string;
  sources?: string[];
  population?: string;
}

const at = (project: string) => `/api/v1/projects/${project}`;

export const understandQuery = (project: string) =>
  queryOptions({
    queryKey: ['understand', project],
    queryFn: ({ signal }) => http.get<Latest<Understand>>(`${at(project)}/understand`, { signal }),
  });

/** One report, or the latest without an id. */
export const representQuery = (project: string, id = '') =>
  queryOptions({
    queryKey: ['represent', project, id],
    queryFn: ({ signal }) =>
      http.get<Latest<Represent>>(`${at(project)}/represent`, { query: { id }, signal }),
  });

export const samplingBiasQuery = (project: string) =>
  queryOptions({
    queryKey: ['sampling-bias', project],
    queryFn: ({ signal }) => http.get<Latest<SamplingBias>>(`${at(project)}/sampling-bias`, { signal }),
  });

export const populationsQuery = (project: string) =>
  queryOptions({
    queryKey: ['populations', project],
    queryFn: ({ signal }) => http.get<Margin[]>(`${at(project)}/populations`, { signal }),
  });

export const versionsQuery = (project: string) =>
  queryOptions({
    queryKey: ['versions', project, 'names'],
    queryFn: ({ signal }) =>
      http.get<Page<{ ref: string }>>(`${at(project)}/versions`, { query: { limit: 200 }, signal }),
  });

export interface SourceRow {
  name: string;
  population: string;
  n_items: number;
}

export const sourcesQuery = (project: string) =>
  queryOptions({
    queryKey: ['sources', project],
    queryFn: ({ signal }) =>
      http.get<Page<SourceRow>>(`${at(project)}/sources`, { query: { limit: 200 }, signal }),
  });

export interface AttributeRow {
  name: string;
  type: string;
}

export const attributesQuery = (project: string) =>
  queryOptions({
    queryKey: ['attributes', project],
    queryFn: ({ signal }) => http.get<AttributeRow[]>(`${at(project)}/attributes`, { signal }),
  });

export interface FacetRow {
  name: string;
  kind: string;
  values: { value: string; count: number }[];
}

export const facetsQuery = (project: string) =>
  queryOptions({
    queryKey: ['item-facets', project, {}],
    queryFn: ({ signal }) =>
      http.get<{ total: number; facets: FacetRow[] }>(`${at(project)}/items/facets`, { signal }),
  });

export interface SchemaRow {
  id: string;
  family: string;
  name: string;
  version: number;
  questions: { key: string; title: Record<string, string>; n_classes: number }[];
}

export const schemasQuery = (project: string) =>
  queryOptions({
    queryKey: ['schemas', project],
    queryFn: ({ signal }) =>
      http.get<Page<SchemaRow>>(`${at(project)}/schemas`, { query: { limit: 100 }, signal }),
  });

export interface UnderstandForm {
  schema: string | null;
  question: string;
  label_depth: number | null;
  sources: string[];
}

export const computeUnderstanding = (project: string, body: UnderstandForm) =>
  http.post<Understand>(`${at(project)}/understand`, { body });
export const compare = (project: string, body: { reference: Selection; current: Selection }) =>
  http.post<Represent>(`${at(project)}/represent`, { body });
export const computeBias = (
  project: string,
  body: {
    selection: Selection;
    population: string;
    schema: string | null;
    question: string;
    label_depth: number | null;
  },
) => http.post<SamplingBias>(`${at(project)}/sampling-bias`, { body });
export const declareShares = (
  project: string,
  body: { population: string; attribute: string; shares: Record<string, number>; reference: string },
) => http.put<Margin[]>(`${at(project)}/populations`, { body });
export const removeShares = (project: string, id: string) => http.delete(`${at(project)}/populations/${id}`);
