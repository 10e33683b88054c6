/** Long work on the server. */
export interface Job {
  id: string | number;
  kind: string;
  state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  done: number;
  /** Null or 0 while the amount is not known. */
  total: number | null;
  message: string;
  /** Seconds that are left by the server's estimate. */
  eta_seconds: number | null;
  result: unknown;
  error: { title?: string; detail?: string } | string | null;
  cancel_requested?: boolean;
  created_at?: string;
  finished_at?: string | null;
}

export function isRunning(job: Pick<Job, 'state'>): boolean {
  return job.state === 'queued' || job.state === 'running';
}

export function jobError(job: Pick<Job, 'error'>): string {
  if (typeof job.error === 'string') return job.error;
  return job.error?.detail ?? job.error?.title ?? '';
}
