import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { savePreferences, sessionQuery } from '@/api/session';
import { useSession } from '@/shared/hooks/useSession';
import { keyChoiceOf } from './presets';
import { registry } from './registry';

/** One's own keys come along to every browser: the server keeps them; this browser remembers them until it answers. */
export function useKeyPreferences(): void {
  const client = useQueryClient();
  const { preferences } = useSession();
  useEffect(() => {
    const kept = keyChoiceOf(preferences.keys);
    if (kept) registry.adopt(kept);
  }, [preferences.keys]);
  useEffect(
    () =>
      registry.onChoice((keys) => {
        savePreferences({ preferences: { keys } }).then(
          (session) => client.setQueryData(sessionQuery.queryKey, session),
          // They hold in this browser all the same.
          () => undefined,
        );
      }),
    [client],
  );
}
