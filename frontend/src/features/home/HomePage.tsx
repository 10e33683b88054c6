import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useProject } from '@/shared/hooks/useProject';
import { ErrorState } from '@/shared/ui/ErrorState';
import { PageHeader } from '@/shared/ui/PageHeader';
import { PageSkeleton } from '@/shared/ui/Skeletons';
import { AnnotatorHome } from './components/AnnotatorHome';
import { Doors } from './components/Doors';
import { LeadHome } from './components/LeadHome';
import { ResearcherHome } from './components/ResearcherHome';
import { homeQuery } from './queries';

/** Each role's first page: the loop and what to do next, the work that waits, or what can be used. */
export function HomePage() {
  const { t } = useTranslation('home');
  const project = useProject();
  const { data, error, refetch } = useQuery(homeQuery(project.slug));
  const kind =
    project.role === 'annotator' ? 'annotator' : project.role === 'researcher' ? 'researcher' : 'lead';
  if (error && !data) return <ErrorState error={error} onRetry={refetch} />;
  if (!data) return <PageSkeleton />;
  return (
    <>
      <PageHeader title={project.name} question={t(`question.${kind}`)} />
      <Doors newest={data.versions[0]} />
      {kind === 'annotator' && <AnnotatorHome />}
      {kind === 'researcher' && <ResearcherHome versions={data.versions} />}
      {kind === 'lead' && <LeadHome stations={data.stations} steps={data.next_steps} />}
    </>
  );
}
