import { useMutation, useQueryClient } from '@tanstack/react-query';
import { http } from '@/api/http';
import type { components } from '@/api/schema';
import { useRequestKey } from '@/shared/hooks/useRequestKey';

export type GoldMade = components['schemas']['GoldAdded'];
type Wanted = Omit<Partial<components['schemas']['GoldRequest']>, 'answers' | 'selection'> & {
  answers?: { item: number; answer: object }[];
  selection?: Record<string, unknown>;
};

/** Makes gold of items, in whichever way they are named. */
export function useMakeGold(project: string) {
  const client = useQueryClient();
  const [key, renew] = useRequestKey();
  return useMutation({
    mutationFn: ({ queue, ...body }: Wanted & { queue: string }) =>
      http.post<GoldMade>(`/api/v1/projects/${project}/queues/${queue}/gold`, { body, idempotencyKey: key }),
    onSuccess: (_made, { queue }) => {
      void client.invalidateQueries({ queryKey: ['queue', project, queue] });
      void client.invalidateQueries({ queryKey: ['queues', project] });
    },
    onSettled: (_made, error) => renew(error),
  });
}
