import { type QueryKey, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { http } from '@/api/http';
import { isRunning, type Job } from '@/api/jobs';

/**
 * Follows a job until it ends, then makes the queries under `stale` anew. `id` null is no job; the answer is null until
 * the first state is known.
 */
export function useJob(
  project: string,
  id: string | null | undefined,
  stale: readonly QueryKey[] = [],
): Job | null {
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: ['job', project, id],
    queryFn: ({ signal }) => http.get<Job>(`/api/v1/projects/${project}/jobs/${id}`, { signal }),
    enabled: Boolean(id),
    refetchInterval: ({ state }) => (state.data && !isRunning(state.data) ? false : 1500),
  });
  const running = data ? isRunning(data) : null;
  const was = useRef<boolean | null>(null);
  const atFirst = useRef(id);
  const keys = useRef(stale);
  keys.current = stale;
  useEffect(() => {
    // One that was begun here has run, however soon it ended; one that was there at first may have ended long ago.
    const ran = was.current ?? id !== atFirst.current;
    if (ran && running === false) {
      for (const queryKey of keys.current) void client.invalidateQueries({ queryKey });
    }
    was.current = running;
  }, [running, id, client]);
  return id ? (data ?? null) : null;
}
