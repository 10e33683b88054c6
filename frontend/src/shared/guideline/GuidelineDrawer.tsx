import { Button, Drawer, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { GuidelineView } from './GuidelineView';
import { acknowledgeGuideline, guidelineQuery } from './queries';
import { useGuideline } from './useGuideline';

interface Props {
  project: string;
  queue: string;
  /** Somebody asked for them. */
  opened: boolean;
  onClose: () => void;
  nameOf: (classKey: string) => string;
  /** The words as the workbench had them, until the examples are here or when they cannot be had. */
  instructions: string;
}

/**
 * Instructions with their examples, one key away. A revision that this person has not been shown opens by itself, once:
 * the server remembers it, so another machine does not show it again.
 */
export function GuidelineDrawer({ project, queue, opened, onClose, nameOf, instructions }: Props) {
  const { t } = useTranslation('guideline');
  const client = useQueryClient();
  const query = guidelineQuery(project, queue);
  const data = useGuideline(project, queue);
  const [dismissed, setDismissed] = useState(0);
  const unread = data?.is_new && data.revision > dismissed ? data : null;
  const handleClose = () => {
    if (data?.is_new) {
      setDismissed(data.revision);
      acknowledgeGuideline(project, queue, data.revision).then(
        (read) => client.setQueryData(query.queryKey, read),
        // Not kept by the server: it is shown again at the next visit, which does no harm.
        () => undefined,
      );
    }
    onClose();
  };
  return (
    <Drawer
      opened={opened || unread !== null}
      onClose={handleClose}
      position="right"
      size="lg"
      title={unread && unread.revision > 1 ? t('changed') : t('title')}
    >
      {unread?.note && (
        <Text mb="sm" p="xs" style={{ background: 'var(--ts-accent-soft)', borderRadius: 4 }}>
          <Text span fw={600}>
            {t('whatChanged')}
          </Text>{' '}
          {unread.note}
        </Text>
      )}
      <GuidelineView
        instructions={data?.instructions ?? instructions}
        examples={data?.examples ?? []}
        nameOf={nameOf}
      />
      {unread && (
        <Group mt="md">
          <Button data-autofocus onClick={handleClose}>
            {t('read')}
          </Button>
        </Group>
      )}
    </Drawer>
  );
}
