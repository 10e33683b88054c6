import { useTranslation } from 'react-i18next';
import { PageHeader } from '@/shared/ui/PageHeader';

export function ModelPage() {
  const { t } = useTranslation('models');
  return <PageHeader title={t('model.title')} />;
}
