import { useTranslation } from 'react-i18next';
import { PageHeader } from '@/shared/ui/PageHeader';

export function ModelsPage() {
  const { t } = useTranslation('models');
  return <PageHeader title={t('title')} />;
}
