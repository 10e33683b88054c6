import { Center, Paper, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { type Session, sessionQuery } from '@/api/session';
import { SignInForm } from './SignInForm';

const route = getRouteApi('/login');

/** Only a path of this application: an address with a host would send the person elsewhere. */
export function safeNext(next: string | undefined): string {
  return next?.startsWith('/') && !next.startsWith('//') && !next.includes('\\') ? next : '/';
}

export function LoginPage() {
  const { t } = useTranslation('auth');
  const { next } = route.useSearch();
  const client = useQueryClient();
  const router = useRouter();
  useEffect(() => {
    document.title = `${t('title')} · Touchstone`;
  }, [t]);

  const handleDone = (session: Session) => {
    client.clear();
    client.setQueryData(sessionQuery.queryKey, session);
    router.history.push(safeNext(next));
  };

  return (
    <Center component="main" mih="100vh" p="md">
      <div style={{ width: 340 }}>
        <svg width="48" height="48" viewBox="0 0 32 32" aria-hidden="true">
          <path d="M6 21 11 7l12 2 4 12-9 6z" fill="var(--ts-accent)" />
          <path d="m10 19 11-5" stroke="#e8b64c" strokeWidth="2.6" strokeLinecap="round" />
        </svg>
        <Title order={1} mt={4}>
          Touchstone
        </Title>
        <Text c="dimmed" mb="lg">
          {t('claim')}
        </Text>
        <Paper withBorder p="lg" bg="var(--ts-surface)">
          <SignInForm onDone={handleDone} />
        </Paper>
        <Text size="sm" c="dimmed" mt="sm">
          {t('closed')}
        </Text>
      </div>
    </Center>
  );
}
