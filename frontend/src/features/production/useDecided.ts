import { useQueryClient } from '@tanstack/react-query';

/** After a decision about retraining, everything that shows it is asked again. */
export function useDecided(project: string) {
  const client = useQueryClient();
  return () => {
    for (const name of ['production', 'home', 'runs', 'jobs', 'versions']) {
      void client.invalidateQueries({ queryKey: [name, project] });
    }
  };
}
