import { Autocomplete, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { FormProblem } from '@/shared/ui/FormProblem';
import { modelsQuery, registerModel } from '../queries';

/** Gives a run a name in the registry: the next version of a line. */
export function RegisterRun({
  project,
  run,
  onClose,
}: {
  project: string;
  run: string;
  onClose: () => void;
}) {
  const { t } = useTranslation('models');
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data } = useQuery(modelsQuery(project));
  const lines = [...new Set(data?.results.map((model) => model.line))];
  const [line, setLine] = useState('');
  const [key, renew] = useRequestKey();
  const register = useMutation({
    mutationFn: () => registerModel(project, { run, line: line.trim() }, key),
    onError: renew,
    onSuccess: (model) => {
      void client.invalidateQueries({ queryKey: ['models', project] });
      void client.invalidateQueries({ queryKey: ['run', project, run] });
      void navigate({ to: '/p/$project/models/$id', params: { project, id: model.id } });
    },
  });
  const wrong = register.error ? asProblem(register.error).fieldErrors.line : undefined;
  return (
    <Modal opened onClose={onClose} title={t('register.title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          register.mutate();
        }}
      >
        <Stack gap="sm">
          <Text size="sm">{t('register.text')}</Text>
          <Autocomplete
            label={t('register.line')}
            description={t('register.lineHelp')}
            placeholder="emoji-groups"
            data={lines}
            value={line}
            onChange={setLine}
            error={wrong}
            required
            data-autofocus
          />
          <FormProblem error={register.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('ui.cancel')}
            </Button>
            <Button type="submit" loading={register.isPending}>
              {t('run.register')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
