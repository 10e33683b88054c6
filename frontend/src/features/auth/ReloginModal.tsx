import { Modal, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Session, sessionQuery } from '@/api/session';
import { sessionRestored } from '@/sync/sessionRestored';
import { SignInForm } from './SignInForm';

/** Signs in again over whatever was on the screen, which stays as it was. */
export function ReloginModal({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('auth');
  const client = useQueryClient();
  const before = client.getQueryData(sessionQuery.queryKey);

  const handleDone = (session: Session) => {
    client.setQueryData(sessionQuery.queryKey, session);
    onDone();
    sessionRestored.announce();
    void client.invalidateQueries({ predicate: (query) => query.state.status === 'error' });
  };

  return (
    <Modal opened onClose={onDone} title={t('again.title')} closeOnClickOutside={false} closeOnEscape={false}>
      <Text mb="md">{t('again.text')}</Text>
      <SignInForm onDone={handleDone} {...(before?.user ? { email: before.user.email } : {})} />
    </Modal>
  );
}
