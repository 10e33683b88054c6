import { Button, CloseButton, Group, Paper, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Draft } from '../model/draft';
import type { Operation } from '../model/types';

interface Props {
  draft: Draft;
  edited: boolean;
  /** Of a schema that is not there yet. */
  isNew: boolean;
  onTakeBack: (at: number) => void;
  onDiscard: () => void;
  onCheck: () => void;
}

export function useOperationWords() {
  const { t } = useTranslation('schema');
  return (one: Operation): string => {
    if (one.op === 'merge') return t('op.merge.said', { from: one.classes.join(', '), into: one.into });
    if (one.op === 'split')
      return t('op.split.said', { from: one.class, into: one.into.map((part) => part.key).join(', ') });
    return t('op.retire.said', { from: one.class });
  };
}

/** What the next version will bring, until it is made or thrown away. */
export function Pending({ draft, edited, isNew, onTakeBack, onDiscard, onCheck }: Props) {
  const { t } = useTranslation('schema');
  const say = useOperationWords();
  return (
    <Paper withBorder p="sm" role="region" aria-label={t(isNew ? 'new.title' : 'pending.title')}>
      <Group justify="space-between" align="flex-start">
        <div>
          <Text fw={600}>{t(isNew ? 'new.title' : 'pending.title')}</Text>
          {edited && <Text size="sm">{t(isNew ? 'new.pending' : 'pending.edited')}</Text>}
          {draft.operations.map((one, at) => (
            <Group key={say(one)} gap={4}>
              <Text size="sm">{say(one)}</Text>
              <CloseButton
                size="sm"
                aria-label={t('pending.takeBack', { what: say(one) })}
                onClick={() => onTakeBack(at)}
              />
            </Group>
          ))}
        </div>
        <Group gap="xs">
          <Button variant="default" onClick={onDiscard}>
            {t('pending.discard')}
          </Button>
          <Button onClick={onCheck}>{t(isNew ? 'new.make' : 'pending.check')}</Button>
        </Group>
      </Group>
    </Paper>
  );
}
