import { useCallback, useState } from 'react';
import { asProblem } from '@/api/problem';
import { uuid } from '@/shared/uuid';

/**
 * The Idempotency-Key of what a form sends, and how to get another one: after it was done, or refused. When the answer was lost
 * (the connection, a proxy, a server that broke) it may have been done, so the next try carries the same key.
 */
export function useRequestKey(): [key: string, renew: (error?: unknown) => void] {
  const [key, setKey] = useState(uuid);
  const renew = useCallback((error: unknown = null) => {
    const status = error === null ? 200 : asProblem(error).status;
    if (status > 0 && status < 500) setKey(uuid());
  }, []);
  return [key, renew];
}
