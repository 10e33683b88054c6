import { queryOptions } from '@tanstack/react-query';
import { http } from '@/api/http';
import type { Estimate } from '@/shared/ui/EstimateBar';
import type { Said } from '@/shared/ui/said';

export interface Stratum {
  name: string;
  population: number;
  asked: number;
  answered: number;
  accuracy: Estimate;
}

export interface ClassResult {
  key: string;
  precision: Estimate;
  recall: Estimate;
  prevalence: Estimate;
  audited_predicted: number;
  audited_true: number;
}

export interface Cell {
  truth: string;
  predicted: string;
  audited: number;
  items: Estimate;
}

export interface AuditResult {
  kind: 'random' | 'targeted';
  sentence: string;
  said?: Said;
  asked: number;
  judged: number;
  undecidable: number;
  wrong: number;
  missing?: number;
  population?: number;
  accuracy?: Estimate;
  assumption?: string;
  assumption_said?: Said;
  worst_case?: number[] | null;
  strata?: Stratum[];
  classes?: string[];
  by_class?: ClassResult[];
  confusion?: Cell[];
}

export interface Audit {
  id: string;
  name: string;
  kind: 'random' | 'targeted';
  state: 'running' | 'complete' | 'cancelled';
  endpoint: string;
  model: { id: string; name: string };
  window_from: string;
  window_to: string;
  population_size: number;
  queue: { id: string; name: string; state: string } | null;
  asked: number;
  judged: number;
  result: AuditResult | null;
  result_at: string | null;
  completed_at: string | null;
  class_names: Record<string, string>;
}

export interface AuditError {
  request_id: string;
  sha256: string;
  thumbnail_url: string | null;
  image_url: string | null;
  predicted: string;
  truth: string;
  score: number;
  stratum: string;
  inclusion_probability: number | null;
}

const at = (project: string, id: string, path = '') => `/api/v1/projects/${project}/audits/${id}${path}`;

export const auditQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['audit', project, id],
    queryFn: ({ signal }) => http.get<Audit>(at(project, id), { signal }),
    refetchInterval: (query) => (query.state.data?.state === 'running' ? 15_000 : false),
  });

export const auditErrorsQuery = (project: string, id: string, judged: number) =>
  queryOptions({
    queryKey: ['audit-errors', project, id, judged],
    queryFn: ({ signal }) => http.get<AuditError[]>(at(project, id, '/errors'), { signal }),
  });

export const refreshAudit = (project: string, id: string) => http.post<Audit>(at(project, id, '/refresh'));

export const endAudit = (project: string, id: string, state: 'complete' | 'cancelled') =>
  http.post<Audit>(at(project, id, '/end'), { body: { state } });

/** Estimated items in production by truth (rows) and prediction (columns), in the order of the classes. */
export function confusionMatrix(classes: readonly string[], cells: readonly Cell[]): number[][] {
  const place = new Map(classes.map((key, index) => [key, index]));
  const matrix = classes.map(() => classes.map(() => 0));
  for (const cell of cells) {
    const row = matrix[place.get(cell.truth) ?? -1];
    const column = place.get(cell.predicted);
    if (row && column !== undefined) row[column] = cell.items.value ?? 0;
  }
  return matrix;
}
