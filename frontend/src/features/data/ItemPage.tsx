import { useTranslation } from 'react-i18next';
import { PageHeader } from '@/shared/ui/PageHeader';

export function ItemPage() {
  const { t } = useTranslation('data');
  return <PageHeader title={t('item.title')} />;
}
