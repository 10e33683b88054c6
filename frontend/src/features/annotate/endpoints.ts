import { queryOptions } from '@tanstack/react-query';
import { http, type Page } from '@/api/http';
import { guidelineNews } from '@/shared/guideline/guidelineNews';
import type { NextReply, Submission, Workbench } from './types';

/** Milliseconds without an answer after which the connection counts as lost and is tried anew. */
const PATIENCE = 30_000;
const API = '/api/v1';
export const SUBMISSIONS = `${API}/submissions`;

export const workbenchQuery = (project: string, queue: string) =>
  queryOptions({
    queryKey: ['workbench', project, queue],
    queryFn: ({ signal }) =>
      http.get<Workbench>(`${API}/projects/${project}/queues/${queue}/workbench`, { signal }),
    // A schema of thousands of classes must not come anew because somebody looked at another window.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });

export interface NextBody {
  want: number;
  /** Leases that this tab has in hand. */
  holding: string[];
  tab: string;
}

export interface QueueServer {
  next(body: NextBody): Promise<NextReply>;
  /** One's own last answers in this queue, the latest first. */
  history(): Promise<Page<Submission>>;
  /** Those that this tab holds no longer. */
  heartbeat(body: { tab: string; leases: string[] }): Promise<{ lost: readonly string[] }>;
  release(body: { tab: string; leases: string[] }): Promise<unknown>;
}

export function queueServer(project: string, queue: string): QueueServer {
  return {
    next: async (body) => {
      const path = `${API}/projects/${project}/queues/${queue}/next`;
      const reply = await http.post<NextReply>(path, { body, timeoutMs: PATIENCE });
      guidelineNews.tell(queue, reply.guideline);
      return reply;
    },
    history: () => http.get<Page<Submission>>(`${API}/projects/${project}/queues/${queue}/history`),
    heartbeat: (body) => http.post(`${API}/leases/heartbeat`, { body }),
    release: (body) => http.post(`${API}/leases/release`, { body, keepalive: true }),
  };
}
