import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { GoldMade as Made } from './useMakeGold';

/** How many items became gold, and how many stay as they are. */
export function GoldMade({ made }: { made: Made }) {
  const { t } = useTranslation('gold');
  return (
    <Text size="sm" role="status">
      {t('made', { count: made.added + made.turned })}
      {made.known > 0 && ` ${t('known', { count: made.known })}`}
    </Text>
  );
}
