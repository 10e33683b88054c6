import { useTranslation } from 'react-i18next';
import { PageHeader } from '@/shared/ui/PageHeader';

export function ReviewPage() {
  const { t } = useTranslation('review');
  return <PageHeader title={t('title')} />;
}
