import { useTranslation } from 'react-i18next';
import { PageHeader } from '@/shared/ui/PageHeader';

export function BriefPage() {
  const { t } = useTranslation('brief');
  return <PageHeader title={t('title')} />;
}
