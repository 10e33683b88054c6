import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asProblem, type Problem } from '@/api/problem';
import { type Session, signIn } from '@/api/session';
import { useProblemWords } from '@/shared/ui/ErrorState';

interface Props {
  /** Fixed when one signs in again. */
  email?: string;
  onDone: (session: Session) => void;
}

export function SignInForm({ email: known, onDone }: Props) {
  const { t } = useTranslation('auth');
  const words = useProblemWords();
  const [email, setEmail] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const handleSubmit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      onDone(await signIn(email.trim(), password));
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };

  const refused = problem && [400, 401, 403, 422].includes(problem.status);
  return (
    <form onSubmit={handleSubmit}>
      <Stack gap="sm">
        <TextInput
          label={t('email')}
          type="email"
          name="email"
          autoComplete="username"
          required
          readOnly={known !== undefined}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          {...(known === undefined ? { 'data-autofocus': true, autoFocus: true } : {})}
        />
        <PasswordInput
          label={t('password')}
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          {...(known === undefined ? {} : { 'data-autofocus': true })}
        />
        {problem && (
          <Alert color="red" variant="light" role="alert">
            {refused && problem.code !== 'csrf' ? t('wrong') : words(problem).title}
          </Alert>
        )}
        <Button type="submit" loading={busy} fullWidth>
          {t('signIn')}
        </Button>
      </Stack>
    </form>
  );
}
