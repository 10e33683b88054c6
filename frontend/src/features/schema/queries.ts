import { queryOptions } from '@tanstack/react-query';
import { http, type Page } from '@/api/http';
import type { Job } from '@/api/jobs';
import type { Operation, SchemaQuestion } from './model/types';

export interface SchemaRow {
  id: string;
  family: string;
  version: number;
  name: string;
  created_at: string;
}

export interface Schema extends SchemaRow {
  document: { format: number; questions: SchemaQuestion[] };
}

export interface LabelCounts {
  question: string;
  moved: number;
  asked_again: number;
  kept: number;
}

export interface QueueEffect {
  id: string;
  name: string;
  version: number;
  open_tasks: number;
  n_stale: number;
  moves: boolean;
}

/** Items that a split leaves without a label, and how they would be asked again. */
export interface AskAgain {
  question: string;
  items: number;
  like: string | null;
  redundancy: number;
}

export interface ChangePreview {
  labels: LabelCounts[];
  queues: QueueEffect[];
  again: AskAgain[];
}

/** What the job of a change tells when it is done. */
export interface ChangeResult {
  asked_again_in?: { queue: string; name: string; tasks: number }[];
}

export interface Change {
  id: string;
  version: number | null;
  after: string | null;
  operations: Operation[];
  labels: LabelCounts[];
  by: string | null;
  created_at: string;
  applied_at: string | null;
  job: Job | null;
}

export interface ChangeBody {
  name: string;
  document: unknown;
  operations: readonly Operation[];
}

const at = (project: string) => `/api/v1/projects/${project}/schemas`;

export const schemasQuery = (project: string) =>
  queryOptions({
    queryKey: ['schemas', project],
    queryFn: ({ signal }) => http.get<Page<SchemaRow>>(at(project), { query: { limit: 200 }, signal }),
  });

export const schemaQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['schemas', project, id],
    queryFn: ({ signal }) => http.get<Schema>(`${at(project)}/${id}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: id !== '',
  });

export const createSchema = (
  project: string,
  body: { name: string; document: unknown },
  idempotencyKey: string,
) => http.post<Schema>(at(project), { body, idempotencyKey });

export const changesQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['schema-changes', project, id],
    queryFn: ({ signal }) => http.get<Page<Change>>(`${at(project)}/${id}/changes`, { signal }),
    enabled: id !== '',
  });

export const previewChange = (project: string, id: string, { document, operations }: ChangeBody) =>
  http.post<ChangePreview>(`${at(project)}/${id}/changes/preview`, { body: { document, operations } });

export const startChange = (
  project: string,
  id: string,
  body: ChangeBody & { ask_again: boolean },
  idempotencyKey: string,
) => http.post<Change>(`${at(project)}/${id}/changes`, { body, idempotencyKey });
