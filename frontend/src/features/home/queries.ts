import { queryOptions } from '@tanstack/react-query';
import { http } from '@/api/http';
import type { Role } from '@/api/session';
import type { Estimate } from '@/shared/ui/EstimateBar';

export type StationLight = 'good' | 'warning' | 'bad' | 'empty';

export interface Station {
  key: 'define' | 'data' | 'labels' | 'version' | 'model' | 'production' | 'audit' | 'hard_samples';
  light: StationLight;
  figure: string;
  unit: string;
  sentence: string;
  /** Below the project's address. */
  link: string;
  flow: number | null;
  estimate: Estimate | null;
}

export interface NextStep {
  code: string;
  urgency: number;
  reason: string;
  link: string;
  data: Record<string, string | number>;
}

export interface VersionGlance {
  ref: string;
  content_hash: string;
  created_at: string;
  items: number;
  classes: number;
  splits: Record<string, number>;
}

export interface Home {
  role: Role;
  stations: Station[];
  next_steps: NextStep[];
  versions: VersionGlance[];
}

export interface WorkCard {
  queue: { id: string; name: string; purpose: string; state: string };
  remaining: number;
  n_done: number;
  last_at: string | null;
}

export interface MyWork {
  queues: WorkCard[];
  quality: Estimate | null;
}

export const homeQuery = (project: string) =>
  queryOptions({
    queryKey: ['home', project],
    queryFn: ({ signal }) => http.get<Home>(`/api/v1/projects/${project}/home`, { signal }),
    refetchInterval: 15_000,
  });
