import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { changePassword } from '@/api/session';
import { FormProblem } from '@/shared/ui/FormProblem';
import { Section } from '@/shared/ui/Section';
import { Verdict } from '@/shared/ui/Verdict';

/** The person's own password: sessions elsewhere end with the old one. */
export function PasswordSection() {
  const { t } = useTranslation('settings');
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const change = useMutation({
    mutationFn: () => changePassword(current, next),
    onSuccess: () => {
      setCurrent('');
      setNext('');
      setAgain('');
    },
  });
  const fields = change.error ? asProblem(change.error).fieldErrors : {};
  const differs = again !== '' && again !== next;
  return (
    <Section title={t('section.password')}>
      <Text size="sm" c="dimmed" mb="sm">
        {t('password.text')}
      </Text>
      {change.isSuccess && <Verdict tone="good">{t('password.done')}</Verdict>}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <Stack gap="sm" maw={340}>
          <PasswordInput
            label={t('password.current')}
            autoComplete="current-password"
            value={current}
            error={fields.current_password && t('password.wrong')}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            required
          />
          <PasswordInput
            label={t('password.new')}
            description={t('password.rule')}
            autoComplete="new-password"
            value={next}
            error={fields.new_password}
            onChange={(event) => setNext(event.currentTarget.value)}
            required
          />
          <PasswordInput
            label={t('password.again')}
            autoComplete="new-password"
            value={again}
            error={differs ? t('password.differs') : undefined}
            onChange={(event) => setAgain(event.currentTarget.value)}
            required
          />
          {Object.keys(fields).length === 0 && <FormProblem error={change.error} />}
          <Group>
            <Button
              type="submit"
              loading={change.isPending}
              disabled={current === '' || next === '' || again !== next}
            >
              {t('password.change')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
