import { useTranslation } from 'react-i18next';
import { PageHeader } from '@/shared/ui/PageHeader';

export function ProductionPage() {
  const { t } = useTranslation('production');
  return <PageHeader title={t('title')} />;
}
