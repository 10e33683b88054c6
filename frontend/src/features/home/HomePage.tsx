import { useTranslation } from 'react-i18next';
import { PageHeader } from '@/shared/ui/PageHeader';

export function HomePage() {
  const { t } = useTranslation('home');
  return <PageHeader title={t('title')} />;
}
