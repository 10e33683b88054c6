import { useTranslation } from 'react-i18next';
import { PageHeader } from '@/shared/ui/PageHeader';

export function WorkbenchPage() {
  const { t } = useTranslation('annotate');
  return <PageHeader title={t('title')} />;
}
