import { useTranslation } from 'react-i18next';
import { PageTabs } from '@/shared/ui/PageTabs';

/** The four pages about the data. */
export function Tabs({ project }: { project: string }) {
  const { t } = useTranslation('insights');
  return (
    <PageTabs
      label={t('tab.data')}
      project={project}
      tabs={[
        { to: '/p/$project/data', label: t('tab.explore') },
        { to: '/p/$project/data/import', label: t('tab.import') },
        { to: '/p/$project/data/understand', label: t('tab.understand') },
        { to: '/p/$project/data/represent', label: t('tab.represent') },
      ]}
    />
  );
}
