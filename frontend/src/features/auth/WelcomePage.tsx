import { Alert, Button, Center, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem } from '@/api/problem';
import { choosePassword } from '@/api/session';
import { FormProblem } from '@/shared/ui/FormProblem';

/** What stands behind the # of a link; browsers send that part to no server. */
export function linkOf(hash: string): { user: string; key: string } | null {
  const told = new URLSearchParams(hash.replace(/^#/, ''));
  const [user, key] = [told.get('user'), told.get('key')];
  return user && key ? { user, key } : null;
}

/** A new person chooses a password, by the link that somebody sent; it works once. */
export function WelcomePage() {
  const { t } = useTranslation('auth');
  const [link] = useState(() => linkOf(window.location.hash));
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  useEffect(() => {
    document.title = `${t('welcome.title')} · Touchstone`;
    // The secret does not stay in the address bar, where the next person at this screen would read it.
    window.history.replaceState(window.history.state, '', window.location.pathname);
  }, [t]);
  const choose = useMutation({
    mutationFn: () => choosePassword(link?.user ?? '', link?.key ?? '', password),
  });
  const fields = choose.error ? asProblem(choose.error).fieldErrors : {};
  const differs = again !== '' && again !== password;
  return (
    <Center component="main" mih="100vh" p="md">
      <div style={{ width: 340 }}>
        <Title order={1} mb="lg">
          {t('welcome.title')}
        </Title>
        <Paper withBorder p="lg" bg="var(--ts-surface)">
          {choose.isSuccess ? (
            <Stack gap="sm">
              <Text role="status">{t('welcome.done')}</Text>
              <Button component={Link} to="/login" fullWidth>
                {t('signIn')}
              </Button>
            </Stack>
          ) : link === null ? (
            <Alert color="red" variant="light" role="alert">
              {t('welcome.noLink')}
            </Alert>
          ) : (
            <form
              onSubmit={(event) => {
                event.preventDefault();
                choose.mutate();
              }}
            >
              <Stack gap="sm">
                <Text size="sm">{t('welcome.text')}</Text>
                <PasswordInput
                  label={t('welcome.password')}
                  description={t('welcome.rule')}
                  autoComplete="new-password"
                  value={password}
                  error={fields.password}
                  onChange={(event) => setPassword(event.currentTarget.value)}
                  required
                />
                <PasswordInput
                  label={t('welcome.again')}
                  autoComplete="new-password"
                  value={again}
                  error={differs ? t('welcome.differs') : undefined}
                  onChange={(event) => setAgain(event.currentTarget.value)}
                  required
                />
                {!fields.password && <FormProblem error={choose.error} />}
                <Button
                  type="submit"
                  loading={choose.isPending}
                  disabled={password === '' || again !== password}
                  fullWidth
                >
                  {t('welcome.choose')}
                </Button>
              </Stack>
            </form>
          )}
        </Paper>
      </div>
    </Center>
  );
}
