import { Badge } from '@mantine/core';
import { IconRobot } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { InfoTip } from '@/shared/ui/InfoTip';
import type { Person } from '../queries';

export function SimulatedBadge() {
  const { t } = useTranslation('people');
  return (
    <InfoTip text={t('simulatedText')}>
      <Badge
        component="span"
        size="sm"
        color="grape"
        variant="light"
        leftSection={<IconRobot size={12} />}
        miw="max-content"
      >
        {t('simulated')}
      </Badge>
    </InfoTip>
  );
}

export function KindBadge({ kind }: { kind: Person['kind'] }) {
  const { t } = useTranslation('people');
  return (
    <Badge component="span" size="sm" variant="default">
      {t(`kind.${kind}`)}
    </Badge>
  );
}

export function StateBadge({ state }: { state: Person['state'] }) {
  const { t } = useTranslation('people');
  return (
    <Badge
      component="span"
      miw="max-content"
      size="sm"
      color={state === 'active' ? 'teal' : 'yellow'}
      variant="outline"
    >
      {t(`state.${state}`)}
    </Badge>
  );
}
