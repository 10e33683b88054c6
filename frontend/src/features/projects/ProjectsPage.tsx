import { useTranslation } from 'react-i18next';
import { PageHeader } from '@/shared/ui/PageHeader';

export function ProjectsPage() {
  const { t } = useTranslation('projects');
  return <PageHeader title={t('title')} />;
}
