import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { FormProblem } from '@/shared/ui/FormProblem';
import { createSchema } from '../queries';

interface Props {
  project: string;
  name: string;
  document: unknown;
  onClose: () => void;
  onMade: (id: string) => void;
}

/** A schema of a new family has no labels that could change: it is made as it is. */
export function NewDialog({ project, name, document, onClose, onMade }: Props) {
  const { t } = useTranslation('schema');
  const client = useQueryClient();
  const [key, renew] = useRequestKey();
  const make = useMutation({
    mutationFn: () => createSchema(project, { name, document }, key),
    onError: renew,
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['schemas', project] });
      onMade(id);
    },
  });
  return (
    <Modal opened onClose={onClose} title={t('new.make')}>
      <Stack gap="md">
        <Text size="sm">{t('new.text', { name })}</Text>
        <FormProblem error={make.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button loading={make.isPending} onClick={() => make.mutate()}>
            {t('new.make')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
