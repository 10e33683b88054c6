import { useQuery } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { guidelineNews } from './guidelineNews';
import { guidelineQuery } from './queries';

/** The instructions of a queue, fetched again when the work tells of a newer revision. */
export function useGuideline(project: string, queue: string) {
  const { data, refetch } = useQuery(guidelineQuery(project, queue));
  const latest = useSyncExternalStore(guidelineNews.subscribe, () => guidelineNews.revisionOf(queue));
  useEffect(() => {
    if (latest !== null && data && latest > data.revision) void refetch();
  }, [latest, data, refetch]);
  return data;
}
