import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { FormProblem } from '@/shared/ui/FormProblem';
import { signExport } from '../queries';

/** As many characters as the server wants of a reason. */
const SHORTEST_REASON = 15;

/** A person answers by name for it that files of a model made of sensitive data may leave the server. */
export function SignExport({ project, model }: { project: string; model: string }) {
  const { t } = useTranslation('models');
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [reason, setReason] = useState('');
  const [key, renew] = useRequestKey();
  const sign = useMutation({
    mutationFn: () => signExport(project, model, { name: name.trim(), reason: reason.trim() }, key),
    onError: renew,
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['exports', project] });
      void client.invalidateQueries({ queryKey: ['model', project, model] });
    },
  });
  const wrong = sign.error ? asProblem(sign.error).fieldErrors : {};
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        sign.mutate();
      }}
    >
      <Stack gap="xs" mt="md" maw={640}>
        <Text size="sm" c="dimmed">
          {t('sign.text')}
        </Text>
        <TextInput
          label={t('sign.name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={wrong.name}
          required
        />
        <Textarea
          label={t('sign.reason')}
          description={t('test.whyHelp', { count: SHORTEST_REASON })}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={wrong.reason}
          autosize
          minRows={2}
          required
        />
        <FormProblem error={sign.error} />
        <Group>
          <Button
            type="submit"
            loading={sign.isPending}
            disabled={name.trim() === '' || reason.trim().length < SHORTEST_REASON}
          >
            {t('sign.sign')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
