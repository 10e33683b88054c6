import { useTranslation } from 'react-i18next';
import { PageHeader } from '@/shared/ui/PageHeader';

export function ImportPage() {
  const { t } = useTranslation('data');
  return <PageHeader title={t('import.title')} />;
}
