import { queryOptions, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useSyncExternalStore } from 'react';
import { http } from '@/api/http';
import type { components } from '@/api/schema';

/** The operator's networks that find objects, and which of them a person uses at a queue. */

export type Network = components['schemas']['AssistModelOut'];

const networksQuery = queryOptions({
  queryKey: ['assist', 'models'],
  queryFn: ({ signal }) =>
    http.get<components['schemas']['AssistModelsOut']>('/api/v1/assist/models', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
  refetchOnWindowFocus: false,
  retry: false,
});

const STORE = 'touchstone.network.';
const listeners = new Set<() => void>();

/** By name: its id is another one with every change of its files. */
const chosenAt = (queue: string): string | null => {
  try {
    return localStorage.getItem(STORE + queue);
  } catch {
    return null;
  }
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

interface Networks {
  /** Those that can be used. */
  readonly usable: readonly Network[];
  /** The one of them that was chosen, else the first. */
  readonly current: Network | undefined;
  readonly choose: (network: Network) => void;
}

export function useNetworks(): Networks {
  const { queue = '' } = useParams({ strict: false });
  const { data } = useQuery(networksQuery);
  const name = useSyncExternalStore(subscribe, () => chosenAt(queue));
  const usable = data?.results.filter(({ problem }) => problem === '') ?? [];
  return {
    usable,
    current: usable.find((network) => network.name === name) ?? usable[0],
    choose: (network) => {
      try {
        localStorage.setItem(STORE + queue, network.name);
      } catch {
        // Where nothing may be kept the first is used.
      }
      for (const listener of listeners) listener();
    },
  };
}
