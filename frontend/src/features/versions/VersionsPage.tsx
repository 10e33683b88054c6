import { useTranslation } from 'react-i18next';
import { PageHeader } from '@/shared/ui/PageHeader';

export function VersionsPage() {
  const { t } = useTranslation('versions');
  return <PageHeader title={t('title')} />;
}
