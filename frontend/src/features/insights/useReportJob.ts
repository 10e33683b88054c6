import type { QueryKey } from '@tanstack/react-query';
import { isRunning, type Job } from '@/api/jobs';
import { useJob } from '@/shared/hooks/useJob';
import type { Latest } from './queries';

/** The job that makes the next report, while it runs; and one that was started here and failed, with its reason. */
export function useReportJob(
  project: string,
  latest: Latest<unknown> | undefined,
  started: string | null,
  stale: QueryKey,
): Job | null {
  const id = latest?.running ? String(latest.running.id) : started;
  const job = useJob(project, id, [stale]);
  if (!job) return latest?.running ?? null;
  return isRunning(job) || job.state === 'failed' ? job : null;
}
