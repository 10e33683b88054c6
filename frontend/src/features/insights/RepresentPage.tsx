import { useTranslation } from 'react-i18next';
import { PageHeader } from '@/shared/ui/PageHeader';

export function RepresentPage() {
  const { t } = useTranslation('insights');
  return <PageHeader title={t('represent.title')} />;
}
