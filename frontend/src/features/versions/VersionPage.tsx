import { useTranslation } from 'react-i18next';
import { PageHeader } from '@/shared/ui/PageHeader';

export function VersionPage() {
  const { t } = useTranslation('versions');
  return <PageHeader title={t('version.title')} />;
}
