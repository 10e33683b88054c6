import { useTranslation } from 'react-i18next';
import { PageHeader } from '@/shared/ui/PageHeader';

export function QueuesPage() {
  const { t } = useTranslation('queues');
  return <PageHeader title={t('title')} />;
}
