import { useQuery } from '@tanstack/react-query';
import { populationsQuery, sourcesQuery, versionsQuery } from './queries';

/** What a side may be made of. */
export function useKnownSides(project: string): {
  versions: string[];
  sources: string[];
  populations: string[];
} {
  const { data: versions } = useQuery(versionsQuery(project));
  const { data: sources } = useQuery(sourcesQuery(project));
  const rows = sources?.results ?? [];
  return {
    versions: (versions?.results ?? []).map((one) => one.ref),
    sources: rows.map((one) => one.name),
    populations: [...new Set(rows.map((one) => one.population).filter(Boolean))],
  };
}

/** Populations with declared shares. */
export function useDeclared(project: string): string[] {
  const { data } = useQuery(populationsQuery(project));
  return [...new Set((data ?? []).map((one) => one.population))];
}
