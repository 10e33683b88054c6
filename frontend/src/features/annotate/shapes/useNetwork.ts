import { queryOptions, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { http } from '@/api/http';
import type { components } from '@/api/schema';
import type { Desk } from './Desk';

const networksQuery = queryOptions({
  queryKey: ['assist', 'models'],
  queryFn: ({ signal }) =>
    http.get<components['schemas']['AssistModelsOut']>('/api/v1/assist/models', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
  refetchOnWindowFocus: false,
  retry: false,
});

/** Gives the desk the first usable network of the operator's, when there is one. */
export function useNetwork(desk: Desk): void {
  const { data } = useQuery(networksQuery);
  const id = data?.results.find(({ problem }) => problem === '')?.id;
  useEffect(() => {
    if (id === undefined) return;
    let gone = false;
    // Most installations have none, and do without its code.
    import('./NetworkAssistant').then(
      ({ NetworkAssistant }) => !gone && desk.editor.setNetwork(new NetworkAssistant(id, desk.picture)),
      () => undefined,
    );
    return () => {
      gone = true;
      desk.editor.setNetwork(null);
    };
  }, [desk, id]);
}
