import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { http, type Page, type QueryValue } from '@/api/http';
import { isRunning, type Job } from '@/api/jobs';
import type { components } from '@/api/schema';

type S = components['schemas'];
/** The schema does not know that fields with a default are always there. */
type WithJob<T> = Omit<Required<T>, 'job'> & { job: Job | null };

export type ItemCard = S['ItemCardOut'];
export type ItemDetail = Omit<S['ItemOut'], 'history'> & { history: Label[] };
export type Label = Required<S['LabelOut']>;
export type Neighbour = S['NeighbourOut'];
export type Facet = S['FacetOut'];
export type Facets = S['FacetsOut'];
export type Import = WithJob<S['ImportOut']>;
export type ImportFile = S['ImportFileOut'];
export type Outcome = ImportFile['outcome'];
export type Places = S['ImportPlacesOut'];
export type Upload = Required<S['UploadOut']>;
export type Source = Required<S['SourceOut']>;
export type Attribute = Required<S['AttributeOut']>;
export type Known = Attribute['known_at_prediction'];

export interface SchemaSummary {
  id: string;
  family: string;
  version: number;
  name: string;
  questions: { key: string; kind: string; title: Record<string, string>; n_classes: number }[];
}

export interface SchemaClass {
  key: string;
  names: Record<string, string>;
  parent: string | null;
  selectable: boolean;
}

export interface SchemaQuestion {
  key: string;
  kind: 'single_choice' | 'multiple_choice' | 'number' | 'text' | 'shapes';
  title: Record<string, string>;
  allow_none: boolean;
  allow_cannot_tell: boolean;
  classes?: SchemaClass[];
  min?: number | null;
  max?: number | null;
  step?: number | null;
  unit?: string;
  max_length?: number;
}

export interface SchemaDetail {
  id: string;
  document: { questions: SchemaQuestion[] };
}

export type Params = Record<string, QueryValue>;

const at = (project: string) => `/api/v1/projects/${project}`;
const PAGE = 200;

export const itemsQuery = (project: string, params: Params) =>
  infiniteQueryOptions({
    queryKey: ['items', project, params],
    queryFn: ({ signal, pageParam }) =>
      http.get<Page<ItemCard>>(`${at(project)}/items`, {
        query: { ...params, limit: PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });

export const facetsQuery = (project: string, params: Params) =>
  queryOptions({
    queryKey: ['item-facets', project, params],
    queryFn: ({ signal }) => http.get<Facets>(`${at(project)}/items/facets`, { query: params, signal }),
    placeholderData: keepPreviousData,
  });

export const itemQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['item', project, id],
    queryFn: ({ signal }) => http.get<ItemDetail>(`${at(project)}/items/${id}`, { signal }),
  });

export const neighboursQuery = (project: string, id: string, by: string) =>
  queryOptions({
    queryKey: ['item-neighbours', project, id, by],
    queryFn: ({ signal }) =>
      http.get<Neighbour[]>(`${at(project)}/items/${id}/neighbours`, { query: { by, limit: 12 }, signal }),
  });

export const schemasQuery = (project: string) =>
  queryOptions({
    queryKey: ['schemas', project],
    queryFn: ({ signal }) =>
      http.get<Page<SchemaSummary>>(`${at(project)}/schemas`, { query: { limit: 100 }, signal }),
  });

export const schemaQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['schemas', project, id],
    queryFn: ({ signal }) => http.get<SchemaDetail>(`${at(project)}/schemas/${id}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: id !== '',
  });

export const versionsQuery = (project: string) =>
  queryOptions({
    queryKey: ['versions', project, 'names'],
    queryFn: ({ signal }) =>
      http.get<Page<{ ref: string }>>(`${at(project)}/versions`, { query: { limit: 200 }, signal }),
  });

export const sourcesQuery = (project: string) =>
  queryOptions({
    queryKey: ['sources', project],
    queryFn: ({ signal }) =>
      http.get<Page<Source>>(`${at(project)}/sources`, { query: { limit: 200 }, signal }),
  });

export const attributesQuery = (project: string) =>
  queryOptions({
    queryKey: ['attributes', project],
    queryFn: ({ signal }) => http.get<Attribute[]>(`${at(project)}/attributes`, { signal }),
  });

export const placesQuery = (project: string) =>
  queryOptions({
    queryKey: ['import-places', project],
    queryFn: ({ signal }) => http.get<Places>(`${at(project)}/imports/places`, { signal }),
    staleTime: 60_000,
  });

const goesOn = (run: Import) => run.job !== null && isRunning(run.job);

export const importsQuery = (project: string) =>
  queryOptions({
    queryKey: ['imports', project],
    queryFn: ({ signal }) =>
      http.get<Page<Import>>(`${at(project)}/imports`, { query: { limit: 100 }, signal }),
    refetchInterval: ({ state }) => (state.data?.results.some(goesOn) ? 2000 : false),
  });

export const importQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['import', project, id],
    queryFn: ({ signal }) => http.get<Import>(`${at(project)}/imports/${id}`, { signal }),
    refetchInterval: ({ state }) => (state.data && goesOn(state.data) ? 1500 : false),
    enabled: id !== '',
  });

export const importFilesQuery = (project: string, id: string, outcome: string, live: boolean) =>
  infiniteQueryOptions({
    queryKey: ['import-files', project, id, outcome],
    queryFn: ({ signal, pageParam }) =>
      http.get<Page<ImportFile>>(`${at(project)}/imports/${id}/files`, {
        query: { outcome, limit: PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: live ? 4000 : false,
  });

export interface ImportForm {
  source: string;
  population: string;
  path?: string;
  uploads?: string[];
  bucket?: string;
  prefix?: string;
  manifest: string;
  manifest_encoding: 'utf-8' | 'cp949';
  only_listed: boolean;
  label_schema: string | null;
  question: string;
}

export const startImport = (project: string, body: ImportForm, idempotencyKey: string) =>
  http.post<Import>(`${at(project)}/imports`, { body, idempotencyKey });
export const describeSource = (
  project: string,
  body: Pick<Source, 'name' | 'kind' | 'population' | 'licence' | 'sensitivity'>,
  idempotencyKey: string,
) => http.post<Source>(`${at(project)}/sources`, { body, idempotencyKey });
export const cancelJob = (project: string, id: string | number) =>
  http.post<Job>(`${at(project)}/jobs/${id}/cancel`);
export const defineAttribute = (project: string, body: Partial<Attribute> & { name: string }) =>
  http.put<Attribute[]>(`${at(project)}/attributes`, { body });
export const announceUploads = (
  project: string,
  files: { name: string; size: number }[],
  idempotencyKey: string,
  signal: AbortSignal,
) => http.post<{ uploads: Upload[] }>(`${at(project)}/uploads`, { body: { files }, idempotencyKey, signal });
export const uploadState = (project: string, id: string, signal: AbortSignal) =>
  http.get<Upload>(`${at(project)}/uploads/${id}`, { signal });
export const sendChunk = (project: string, id: string, offset: number, chunk: Blob, signal: AbortSignal) =>
  http.patch<Upload>(`${at(project)}/uploads/${id}`, {
    body: chunk,
    headers: { 'Content-Type': 'application/octet-stream', 'Upload-Offset': String(offset) },
    signal,
  });
export const settleLabel = (
  project: string,
  body: { schema: string; question: string; items: string[]; answer: unknown; reason: string },
  idempotencyKey: string,
) => http.post<Label[]>(`${at(project)}/labels`, { body, idempotencyKey });

export interface QueueForm {
  name: string;
  schema: string;
  question: string;
  purpose: string;
  redundancy: number;
  instructions: string;
  selection: Record<string, unknown>;
}

export const goldQueuesQuery = (project: string) =>
  queryOptions({
    queryKey: ['queues', project],
    queryFn: ({ signal }) =>
      http.get<
        Page<{ id: string; name: string; purpose: string; state: string; not_counted: string | null }>
      >(`${at(project)}/queues`, { query: { limit: 200 }, signal }),
  });

export const createQueue = (project: string, body: QueueForm, idempotencyKey: string) =>
  http.post<{ queue: { id: string; name: string }; job: string | null }>(`${at(project)}/queues`, {
    body,
    idempotencyKey,
  });
