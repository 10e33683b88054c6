import { useTranslation } from 'react-i18next';
import { PageHeader } from '@/shared/ui/PageHeader';

export function AuditPage() {
  const { t } = useTranslation('production');
  return <PageHeader title={t('audit.title')} />;
}
