import { useSuspenseQuery } from '@tanstack/react-query';
import { type Session, sessionQuery, type User } from '@/api/session';

export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

/** The person signed in; the router has made sure that there is one. */
export function useUser(): User {
  const { user } = useSession();
  if (!user) throw new Error('Nobody is signed in.');
  return user;
}
