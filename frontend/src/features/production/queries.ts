import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { http, type Page } from '@/api/http';
import type { Job } from '@/api/jobs';
import type { components } from '@/api/schema';

type S = components['schemas'];

export type Estimate = S['EstimateOut'];
export type EndpointName = S['EndpointNameOut'];
export type Production = S['ProductionOut'];
export type TrafficDay = S['TrafficDayOut'];
export type Suggestion = S['SuggestionOut'];
export type Audit = S['AuditOut'];
export type AuditDetail = S['AuditDetailOut'];
export type Preview = S['AuditPreviewOut'];
export type Schedule = S['ScheduleOut'];
export type Batch = S['BatchOut'];
export type HardSample = S['HardSampleOut'];
export type Prediction = S['LoggedPredictionOut'];
export type Report = Omit<S['RepresentOut'], 'job'> & { job: Job | null };
export type Attribute = S['AttributeComparisonOut'];

export type StrataBy = 'class' | 'score' | 'class_and_score' | 'none';
export type Allocation = 'proportional' | 'neyman';
export const STRATA: readonly StrataBy[] = ['class_and_score', 'class', 'score', 'none'];
/** Kinds of annotators. */
export const KINDS = ['expert', 'staff', 'vendor', 'crowd'] as const;

/** Part of production; without times, everything that the model in charge has answered. */
export interface WindowForm {
  endpoint: string;
  start: string | null;
  end: string | null;
}

export interface PreviewForm extends WindowForm {
  budget: number;
  strata_by: StrataBy;
  allocation: Allocation;
  redundancy: number;
}

export interface AuditForm extends PreviewForm {
  name: string;
  seed: number;
  kinds: string[];
}

export interface MineForm extends WindowForm {
  n_uncertain: number;
  n_novel: number;
  n_wrong: number;
  n_random: number;
  per_class: number;
  seed: number;
}

export interface ScheduleForm {
  endpoint: string;
  cadence_days: number;
  budget: number;
  strata_by: StrataBy;
  redundancy: number;
  kinds: string[];
  owner: string | null;
}

export interface CompareForm {
  endpoint: string;
  earlier_start: string;
  earlier_end: string;
  later_start: string;
  later_end: string;
}

const at = (project: string) => `/api/v1/projects/${project}`;

export const endpointNamesQuery = (project: string) =>
  queryOptions({
    queryKey: ['production-endpoints', project],
    queryFn: ({ signal }) => http.get<EndpointName[]>(`${at(project)}/production/endpoints`, { signal }),
  });

export const productionQuery = (project: string, endpoint: string, days: number) =>
  queryOptions({
    queryKey: ['production', project, endpoint, days],
    queryFn: ({ signal }) =>
      http.get<Production>(`${at(project)}/production`, { query: { endpoint, days }, signal }),
    enabled: endpoint !== '',
    refetchInterval: 60_000,
  });

export const auditsQuery = (project: string) =>
  queryOptions({
    queryKey: ['audits', project],
    queryFn: ({ signal }) =>
      http.get<Page<Audit>>(`${at(project)}/audits`, { query: { limit: 200 }, signal }),
  });

export const previewQuery = (project: string, form: PreviewForm) =>
  queryOptions({
    queryKey: ['audit-preview', project, form],
    queryFn: ({ signal }) => http.post<Preview>(`${at(project)}/audits/preview`, { body: form, signal }),
    retry: false,
    staleTime: 60_000,
  });

export const schedulesQuery = (project: string) =>
  queryOptions({
    queryKey: ['audit-schedules', project],
    queryFn: ({ signal }) => http.get<Page<Schedule>>(`${at(project)}/audit-schedules`, { signal }),
  });

export const batchesQuery = (project: string) =>
  queryOptions({
    queryKey: ['hard-samples', project],
    queryFn: ({ signal }) => http.get<Page<Batch>>(`${at(project)}/hard-samples`, { signal }),
  });

export const samplesQuery = (project: string, batch: string) =>
  infiniteQueryOptions({
    queryKey: ['hard-samples', project, batch, 'samples'],
    queryFn: ({ signal, pageParam }) =>
      http.get<Page<HardSample>>(`${at(project)}/hard-samples/${batch}/samples`, {
        query: { cursor: pageParam, limit: 120 },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

export const predictionsQuery = (project: string, filter: { endpoint: string; predicted: string }) =>
  infiniteQueryOptions({
    queryKey: ['predictions', project, filter],
    queryFn: ({ signal, pageParam }) =>
      http.get<Page<Prediction>>(`${at(project)}/predictions`, {
        query: { ...filter, cursor: pageParam, limit: 100 },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

export const reportQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['represent', project, id],
    queryFn: ({ signal }) =>
      http.get<{ report: Report | null; running: Job | null }>(`${at(project)}/represent`, {
        query: { id },
        signal,
      }),
  });

export interface OpenQueue {
  id: string;
  name: string;
  purpose: string;
  state: string;
}

export const queuesQuery = (project: string) =>
  queryOptions({
    queryKey: ['queues', project],
    queryFn: ({ signal }) =>
      http.get<Page<OpenQueue>>(`${at(project)}/queues`, { query: { limit: 200 }, signal }),
  });

export const createAudit = (project: string, body: AuditForm, idempotencyKey: string) =>
  http.post<AuditDetail>(`${at(project)}/audits`, { body, idempotencyKey });
export const setSchedule = (project: string, body: ScheduleForm, idempotencyKey: string) =>
  http.post<Schedule>(`${at(project)}/audit-schedules`, { body, idempotencyKey });
export const endSchedule = (project: string, id: string) =>
  http.delete(`${at(project)}/audit-schedules/${id}`);
export const checkAgainstTraining = (project: string, body: WindowForm) =>
  http.post<Job>(`${at(project)}/production/check`, { body });
export const compareWindows = (project: string, body: CompareForm) =>
  http.post<Job>(`${at(project)}/windows/compare`, { body });
export const mine = (project: string, body: MineForm, idempotencyKey: string) =>
  http.post<Batch>(`${at(project)}/hard-samples`, { body, idempotencyKey });
export const sendToAudit = (project: string, batch: string) =>
  http.post<Audit>(`${at(project)}/hard-samples/${batch}/to-audit`);
export const sendToQueue = (project: string, batch: string, queue: string) =>
  http.post<{ tasks: number }>(`${at(project)}/hard-samples/${batch}/to-queue`, { body: { queue } });
export const acceptSuggestion = (project: string, id: string) =>
  http.post<Suggestion>(`${at(project)}/suggestions/${id}/accept`);
export const dismissSuggestion = (project: string, id: string, reason: string) =>
  http.post<Suggestion>(`${at(project)}/suggestions/${id}/dismiss`, { body: { reason } });
