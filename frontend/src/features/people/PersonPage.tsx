import { useTranslation } from 'react-i18next';
import { PageHeader } from '@/shared/ui/PageHeader';

export function PersonPage() {
  const { t } = useTranslation('people');
  return <PageHeader title={t('person.title')} />;
}
