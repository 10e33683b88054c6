import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { sessionQuery, signOut } from '@/api/session';
import { confirm } from '@/shared/ui/confirm';
import { countUnsent } from '@/sync/store';

/** Signing out with work that has not reached the server needs a word first; the work stays in this browser. */
export function useSignOut(): () => void {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    const session = client.getQueryData(sessionQuery.queryKey);
    const unsent = session?.user ? await countUnsent(String(session.user.id)) : 0;
    const question = {
      title: t('shell.unsentTitle'),
      text: t('shell.unsentText', { count: unsent }),
      verb: t('shell.signOut'),
    };
    if (unsent > 0 && !(await confirm(question))) return;
    await signOut();
    client.clear();
    await navigate({ to: '/login' });
  };
}
