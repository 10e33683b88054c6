import { useTranslation } from 'react-i18next';
import { PageHeader } from '@/shared/ui/PageHeader';

export function DataPage() {
  const { t } = useTranslation('data');
  return <PageHeader title={t('title')} />;
}
