import { useQuery } from '@tanstack/react-query';
import { useProject } from '@/shared/hooks/useProject';
import { batchesQuery, type NextStep, type Station, sentBack } from '../queries';
import { Loop } from './Loop';
import { NextSteps } from './NextSteps';

/** Is the model still right, and what should I do about it? */
export function LeadHome({ stations, steps }: { stations: readonly Station[]; steps: readonly NextStep[] }) {
  const { slug } = useProject();
  const batches = useQuery(batchesQuery(slug));
  return (
    <>
      <Loop stations={stations} back={batches.data ? sentBack(batches.data.results) : null} />
      <NextSteps steps={steps} />
    </>
  );
}
