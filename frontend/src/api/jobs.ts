/** Long work on the server, as `/api/v1/jobs` lists it. */
export interface Job {
  id: string;
  kind: string;
  title: string;
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  done: number;
  /** Null while the amount is not known. */
  total: number | null;
  /** Seconds that are left by the server's estimate. */
  eta_seconds: number | null;
  message: string;
  created_at: string;
  finished_at: string | null;
}

export function isRunning(job: Pick<Job, 'state'>): boolean {
  return job.state === 'queued' || job.state === 'running';
}
