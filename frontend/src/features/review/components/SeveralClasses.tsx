import { Button, Chip, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ClassIndex } from '@/shared/classes/ClassIndex';

interface Props {
  index: ClassIndex;
  /** What anybody named, and what the reviewer added. */
  offered: readonly string[];
  chosen: readonly string[];
  disabled: boolean;
  onChange: (chosen: string[]) => void;
  onSettle: () => void;
}

/** Where several classes may apply, none of the answers given need be the right set: the reviewer puts one together. */
export function SeveralClasses({ index, offered, chosen, disabled, onChange, onSettle }: Props) {
  const { t } = useTranslation('review');
  return (
    <div>
      <Text size="xs" fw={600} mb={4}>
        {t('several.title')}
      </Text>
      <Chip.Group multiple value={[...chosen]} onChange={onChange}>
        <Group gap={6} mb="xs">
          {offered.map((key) => (
            <Chip key={key} value={key} size="xs" disabled={disabled}>
              {index.get(key)?.name ?? key}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Button size="xs" disabled={disabled || chosen.length === 0} onClick={onSettle}>
        {t('several.settle', { count: chosen.length })}
      </Button>
    </div>
  );
}
