import { Button, Checkbox, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { useRequestKey } from '@/shared/hooks/useRequestKey';
import { FormProblem } from '@/shared/ui/FormProblem';
import { createToken, SCOPES, type Scope } from '../queries';

const DAY_MS = 86_400_000;
const LIFETIMES = ['7', '30', '90', '365', 'never'] as const;

interface Props {
  project: string;
  onClose: () => void;
  onMade: (token: string) => void;
}

export function TokenForm({ project, onClose, onMade }: Props) {
  const { t } = useTranslation('settings');
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<string[]>(['read']);
  const [here, setHere] = useState(true);
  const [days, setDays] = useState<string>('90');
  const [key, renew] = useRequestKey();
  const make = useMutation({
    mutationFn: () =>
      createToken(
        {
          name: name.trim(),
          scopes: scopes as Scope[],
          project: here ? project : null,
          expires_at: days === 'never' ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString(),
        },
        key,
      ),
    onError: (error) => {
      // What was refused for its input made nothing; anything else may have, and must not make a second one.
      if (asProblem(error).status === 400 || asProblem(error).status === 422) renew();
    },
    onSuccess: (made) => onMade(made.token),
  });
  const errors = make.error ? asProblem(make.error).fieldErrors : {};
  return (
    <Modal opened onClose={onClose} title={t('tokens.create')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <Stack gap="sm">
          <TextInput
            label={t('tokens.name')}
            description={t('tokens.nameHelp')}
            value={name}
            error={errors.name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            data-autofocus
          />
          <Checkbox.Group
            label={t('tokens.scopes')}
            value={scopes}
            onChange={setScopes}
            error={errors.scopes}
          >
            <Stack gap={6} mt={4}>
              {SCOPES.map((scope) => (
                <Checkbox
                  key={scope}
                  value={scope}
                  label={t(`scope.${scope}`)}
                  description={t(`scopeText.${scope}`)}
                />
              ))}
            </Stack>
          </Checkbox.Group>
          <Checkbox
            label={t('tokens.onlyHere')}
            checked={here}
            onChange={(event) => setHere(event.currentTarget.checked)}
          />
          <Select
            label={t('tokens.lifetime')}
            data={LIFETIMES.map((value) => ({
              value,
              label: value === 'never' ? t('tokens.never') : t('tokens.days', { count: Number(value) }),
            }))}
            value={days}
            error={errors.expires_at}
            allowDeselect={false}
            onChange={(value) => setDays(value ?? days)}
          />
          <FormProblem error={make.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('ui.cancel')}
            </Button>
            <Button type="submit" loading={make.isPending} disabled={scopes.length === 0}>
              {t('tokens.make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
