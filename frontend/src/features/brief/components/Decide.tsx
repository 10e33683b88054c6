import { Button, Group, List, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { ErrorState } from '@/shared/ui/ErrorState';
import { type CurrentBrief, signBrief, stopBrief } from '../queries';

interface Props {
  project: string;
  kind: 'sign' | 'stop';
  warnings: readonly string[];
  /** `updated_at` of the draft on the page. */
  seen: string | null;
  onClose: () => void;
}

/** A named person stands for the brief, or stops the project. */
export function Decide({ project, kind, warnings, seen, onClose }: Props) {
  const { t } = useTranslation('brief');
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [reason, setReason] = useState('');
  const decide = useMutation({
    mutationFn: () =>
      kind === 'sign' ? signBrief(project, name, seen) : stopBrief(project, name, reason, seen),
    onSuccess: (current: CurrentBrief) => {
      client.setQueryData(['brief', project], current);
      void client.invalidateQueries({ queryKey: ['home', project] });
      onClose();
    },
  });
  const fields = decide.error ? asProblem(decide.error).fieldErrors : {};
  const ready = name.trim() !== '' && (kind === 'sign' || reason.trim() !== '');
  return (
    <Modal opened onClose={onClose} title={t(`${kind}.title`)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          decide.mutate();
        }}
      >
        <Stack gap="sm">
          <Text size="sm">{t(`${kind}.text`)}</Text>
          {kind === 'sign' && warnings.length > 0 && (
            <List size="sm" c="var(--ts-warning)">
              {warnings.map((warning) => (
                <List.Item key={warning}>{warning}</List.Item>
              ))}
            </List>
          )}
          <TextInput
            label={t('name')}
            description={t('nameHelp')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={fields.name}
            data-autofocus
            withAsterisk
          />
          {kind === 'stop' && (
            <Textarea
              label={t('reason')}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
              error={fields.reason}
              autosize
              minRows={2}
              withAsterisk
            />
          )}
          {decide.error && <ErrorState error={decide.error} small />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button
              type="submit"
              disabled={!ready}
              loading={decide.isPending}
              color={kind === 'stop' ? 'red' : undefined}
            >
              {t(`${kind}.button`)}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
