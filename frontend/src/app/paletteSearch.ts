import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { http } from '@/api/http';
import type { components } from '@/api/schema';

export type Hit = components['schemas']['HitOut'];

const FEWEST = 2;
const WAIT_MS = 150;

const searchQuery = (project: string, text: string) =>
  queryOptions({
    queryKey: ['search', project, text],
    queryFn: ({ signal }) =>
      http.get<Hit[]>(`/api/v1/projects/${project}/search`, { query: { q: text }, signal }),
    enabled: project !== '' && text.length >= FEWEST,
    staleTime: 30_000,
    retry: false,
  });

/** What the project has under these letters, and which letters the answer is for. */
export function usePaletteSearch(project: string | undefined, typed: string) {
  const [text] = useDebouncedValue(typed.trim(), WAIT_MS);
  const { data, isFetching } = useQuery({
    ...searchQuery(project ?? '', text),
    placeholderData: keepPreviousData,
  });
  const asks = project !== undefined && typed.trim().length >= FEWEST;
  return { hits: asks ? (data ?? []) : [], text, searching: asks && (isFetching || text !== typed.trim()) };
}
