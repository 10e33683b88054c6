import { queryOptions } from '@tanstack/react-query';
import { http, type Page } from '@/api/http';
import { isRunning, type Job } from '@/api/jobs';
import type { components } from '@/api/schema';

type S = components['schemas'];
/** The schema does not know that a job's fields are always there. */
type WithJob<T> = Omit<T, 'job'> & { job: Job | null };

export type Estimate = S['EstimateOut'];
export type Verdict = 'beats' | 'does_not_beat' | 'cannot_tell';
export type Recipe = S['RecipeOut'];
export type RecipeSetting = S['RecipeSettingOut'];
export type Settings = Record<string, unknown>;
export type Run = WithJob<Omit<S['RunOut'], 'settings'>> & { settings: Settings };
export type MissingExport = WithJob<S['MissingExportOut']>;
export type RunDetail = WithJob<Omit<S['RunDetailOut'], 'settings' | 'missing_exports'>> & {
  settings: Settings;
  missing_exports: MissingExport[];
};
export type Metrics = S['MetricsOut'];
export type Curves = S['CurvesOut'];
export type Comparison = S['ComparisonOut'];
export type Ceiling = S['CeilingOut'];
export type Looks = S['VersionLooksOut'];
export type TestLook = WithJob<S['TestLookOut']>;
export type Model = S['ModelOut'];
export type GateRun = WithJob<S['GateRunOut']>;
export type ModelDetail = Omit<S['ModelDetailOut'], 'gate' | 'test_split'> & {
  gate: GateRun | null;
  /** Every look at the model's test split, the earliest first, whichever line or version took it. */
  test_split: { looks: TestLook[] };
};
export type ModelExport = S['ModelExportOut'];
export type ModelExports = Omit<S['ModelExportsOut'], 'missing'> & { missing: MissingExport[] };
export type Expectations = S['ExpectationsOut'];
export type Thresholds = S['ThresholdsOut'];
export type Failure = S['FailureOut'];
export type Failures = S['FailuresOut'];
export type Endpoint = S['EndpointOut'];
export type EndpointDetail = S['EndpointDetailOut'];
export type Release = S['ReleaseOut'];

export interface VersionRow {
  id: string;
  ref: string;
  question: string;
  schema: string;
  items: number;
  splits: Record<string, number>;
  n_classes: number;
}

export interface SchemaDocument {
  questions: { key: string; classes: { key: string; parent: string | null }[] }[];
}

const at = (project: string) => `/api/v1/projects/${project}`;

export const recipesQuery = (project: string) =>
  queryOptions({
    queryKey: ['recipes', project],
    queryFn: ({ signal }) => http.get<Page<Recipe>>(`${at(project)}/recipes`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const versionsQuery = (project: string) =>
  queryOptions({
    queryKey: ['versions', project, 'to train on'],
    queryFn: ({ signal }) =>
      http.get<Page<VersionRow>>(`${at(project)}/versions`, { query: { limit: 200 }, signal }),
  });

export const schemaQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['schemas', project, id],
    queryFn: ({ signal }) =>
      http.get<{ document: SchemaDocument }>(`${at(project)}/schemas/${id}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: id !== '',
  });

export const runsQuery = (project: string, version: string) =>
  queryOptions({
    queryKey: ['runs', project, version],
    queryFn: ({ signal }) =>
      http.get<Page<Run>>(`${at(project)}/runs`, { query: { version, limit: 200 }, signal }),
    refetchInterval: ({ state }) => (state.data?.results.some(isRunning) ? 3000 : false),
  });

const exporting = (missing: readonly MissingExport[] | undefined) =>
  missing?.some((one) => one.job != null && isRunning(one.job)) ?? false;

export const runQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['run', project, id],
    queryFn: ({ signal }) => http.get<RunDetail>(`${at(project)}/runs/${id}`, { signal }),
    refetchInterval: ({ state }) =>
      state.data && (isRunning(state.data) || exporting(state.data.missing_exports)) ? 2000 : false,
    enabled: id !== '',
  });

export const curvesQuery = (project: string, id: string, live: boolean) =>
  queryOptions({
    queryKey: ['run-curves', project, id],
    queryFn: ({ signal }) => http.get<Curves>(`${at(project)}/runs/${id}/curves`, { signal }),
    refetchInterval: live ? 2000 : false,
  });

export const looksQuery = (project: string, version = '') =>
  queryOptions({
    queryKey: ['looks', project, version],
    queryFn: ({ signal }) =>
      http.get<{ validation: Looks[]; test: TestLook[] }>(`${at(project)}/looks`, {
        query: { version },
        signal,
      }),
  });

export const modelsQuery = (project: string) =>
  queryOptions({
    queryKey: ['models', project],
    queryFn: ({ signal }) =>
      http.get<Page<Model>>(`${at(project)}/models`, { query: { limit: 200 }, signal }),
  });

const gateRuns = (gate: GateRun | null | undefined) => gate?.job != null && isRunning(gate.job);

export const modelQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['model', project, id],
    queryFn: ({ signal }) => http.get<ModelDetail>(`${at(project)}/models/${id}`, { signal }),
    refetchInterval: ({ state }) => (gateRuns(state.data?.gate) ? 2000 : false),
  });

export const exportsQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['exports', project, id],
    queryFn: ({ signal }) => http.get<ModelExports>(`${at(project)}/models/${id}/exports`, { signal }),
    refetchInterval: ({ state }) => (exporting(state.data?.missing) ? 2000 : false),
  });

export const expectationsQuery = (project: string, id: string, ask: { threshold?: number; class?: string }) =>
  queryOptions({
    queryKey: ['expectations', project, id, ask],
    queryFn: ({ signal }) =>
      http.get<Expectations>(`${at(project)}/models/${id}/expectations`, { query: ask, signal }),
  });

export const thresholdsQuery = (project: string, id: string, classKey: string) =>
  queryOptions({
    queryKey: ['thresholds', project, id, classKey],
    queryFn: ({ signal }) =>
      http.get<Thresholds>(`${at(project)}/models/${id}/thresholds`, { query: { class: classKey }, signal }),
    retry: false,
  });

export const failuresQuery = (
  project: string,
  id: string,
  filter: { truth: string; predicted: string; limit: number },
) =>
  queryOptions({
    queryKey: ['failures', project, id, filter],
    queryFn: ({ signal }) =>
      http.get<Failures>(`${at(project)}/models/${id}/failures`, { query: filter, signal }),
    retry: false,
  });

export const endpointsQuery = (project: string) =>
  queryOptions({
    queryKey: ['endpoints', project],
    queryFn: ({ signal }) => http.get<Page<Endpoint>>(`${at(project)}/endpoints`, { signal }),
  });

export const endpointQuery = (project: string, name: string) =>
  queryOptions({
    queryKey: ['endpoint', project, name],
    queryFn: ({ signal }) => http.get<EndpointDetail>(`${at(project)}/endpoints/${name}`, { signal }),
    enabled: name !== '',
  });

export interface RunForm {
  version: string;
  recipe: string;
  level: number | null;
  left_out: string[];
  protocol: Record<string, unknown>;
  settings: Settings;
  seed: number;
  metric: string;
  with_baselines: boolean;
}

export const startRun = (project: string, body: RunForm, idempotencyKey: string) =>
  http.post<RunDetail>(`${at(project)}/runs`, { body, idempotencyKey });
export const startBaselines = (project: string, version: string, idempotencyKey: string) =>
  http.post<Page<Run>>(`${at(project)}/runs/baselines`, { body: { version }, idempotencyKey });
export const cancelRun = (project: string, id: string) =>
  http.post<RunDetail>(`${at(project)}/runs/${id}/cancel`);
export const rerun = (project: string, id: string, idempotencyKey: string) =>
  http.post<RunDetail>(`${at(project)}/runs/${id}/rerun`, { idempotencyKey });
export const registerModel = (project: string, body: { run: string; line: string }, idempotencyKey: string) =>
  http.post<ModelDetail>(`${at(project)}/models`, { body, idempotencyKey });
/** of: "models/…" or "runs/…". */
export const startExport = (project: string, of: string, format: string, idempotencyKey: string) =>
  http.post<MissingExport>(`${at(project)}/${of}/exports`, { body: { format }, idempotencyKey });
export const signExport = (
  project: string,
  id: string,
  body: { name: string; reason: string },
  idempotencyKey: string,
) => http.post(`${at(project)}/models/${id}/export-signature`, { body, idempotencyKey });
export const setThreshold = (project: string, id: string, threshold: number | null) =>
  http.put<ModelDetail>(`${at(project)}/models/${id}/thresholds`, { body: { threshold } });
/** threshold: judge decisions with this one; undefined: with the model's own. */
export const startGate = (
  project: string,
  id: string,
  body: { endpoint: string; threshold?: number | null },
  idempotencyKey: string,
) => http.post<GateRun>(`${at(project)}/models/${id}/gate`, { body, idempotencyKey });
export const lookAtTest = (project: string, id: string, reason: string, idempotencyKey: string) =>
  http.post<TestLook>(`${at(project)}/models/${id}/test-look`, { body: { reason }, idempotencyKey });
export const createEndpoint = (project: string, name: string, idempotencyKey: string) =>
  http.post<EndpointDetail>(`${at(project)}/endpoints`, { body: { name }, idempotencyKey });
export const release = (
  project: string,
  id: string,
  body: { endpoint: string; reason: string; despite_gate: boolean; test_look_reason: string },
  idempotencyKey: string,
) => http.post<Release>(`${at(project)}/models/${id}/release`, { body, idempotencyKey });
export const rollBack = (
  project: string,
  id: string,
  body: { endpoint: string; reason: string },
  idempotencyKey: string,
) => http.post<Release>(`${at(project)}/models/${id}/rollback`, { body, idempotencyKey });
