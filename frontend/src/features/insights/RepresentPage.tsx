import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useProject } from '@/shared/hooks/useProject';
import { useUrlState } from '@/shared/hooks/useUrlState';
import { PageHeader } from '@/shared/ui/PageHeader';
import { Bias } from './components/Bias';
import { Comparison } from './components/Comparison';
import { Tabs } from './components/Tabs';

/** Does it look like production, and was it drawn fairly? */
export function RepresentPage() {
  const { t } = useTranslation('insights');
  const project = useProject();
  const [view, setView] = useUrlState('view', 'compare');
  const canCompute = project.is('lead', 'reviewer', 'researcher');
  return (
    <>
      <PageHeader
        title={t('represent.title')}
        question={t('represent.question')}
        actions={
          <SegmentedControl
            aria-label={t('represent.view')}
            value={view}
            onChange={setView}
            data={['compare', 'bias'].map((value) => ({ value, label: t(`represent.${value}`) }))}
          />
        }
      >
        <Tabs project={project.slug} />
      </PageHeader>
      {view === 'bias' ? (
        <Bias project={project.slug} canCompute={canCompute} canDeclare={project.is('lead')} />
      ) : (
        <Comparison project={project.slug} canCompute={canCompute} />
      )}
    </>
  );
}
