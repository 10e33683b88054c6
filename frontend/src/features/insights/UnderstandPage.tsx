import { useTranslation } from 'react-i18next';
import { PageHeader } from '@/shared/ui/PageHeader';

export function UnderstandPage() {
  const { t } = useTranslation('insights');
  return <PageHeader title={t('title')} />;
}
