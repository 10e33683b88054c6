import { List, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type CurrentBrief, signBrief, stopBrief } from '../queries';
import { Signature } from './Signature';

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
  const decide = useMutation({
    mutationFn: ({ name, reason }: { name: string; reason: string }) =>
      kind === 'sign' ? signBrief(project, name, seen) : stopBrief(project, name, reason, seen),
    onSuccess: (current: CurrentBrief) => {
      client.setQueryData(['brief', project], current);
      void client.invalidateQueries({ queryKey: ['home', project] });
      onClose();
    },
  });
  return (
    <Signature
      title={t(`${kind}.title`)}
      nameHelp={t('nameHelp')}
      withReason={kind === 'stop'}
      button={t(`${kind}.button`)}
      danger={kind === 'stop'}
      error={decide.error}
      isSending={decide.isPending}
      onSign={(name, reason) => decide.mutate({ name, reason })}
      onClose={onClose}
    >
      <Text size="sm">{t(`${kind}.text`)}</Text>
      {kind === 'sign' && warnings.length > 0 && (
        <List size="sm" c="var(--ts-warning)">
          {warnings.map((warning) => (
            <List.Item key={warning}>{warning}</List.Item>
          ))}
        </List>
      )}
    </Signature>
  );
}
