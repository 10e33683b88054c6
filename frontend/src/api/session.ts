import { queryOptions } from '@tanstack/react-query';
import { http } from './http';

export type Role = 'owner' | 'lead' | 'reviewer' | 'annotator' | 'researcher';

export interface User {
  id: string | number;
  email: string;
  name: string;
  /** Language of the pages: "en", "ko". */
  locale?: string;
  /** Runs the installation: makes accounts and gives out links for everybody. */
  is_operator?: boolean;
}

export interface Membership {
  project: { id: string | number; slug: string; name: string };
  role: Role;
}

export interface Session {
  user: User | null;
  memberships: Membership[];
  preferences: Record<string, unknown>;
}

const PATH = '/api/v1/session';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => http.get<Session>(PATH, { signal }),
  staleTime: 5 * 60_000,
});

export function signIn(email: string, password: string): Promise<Session> {
  return http.post<Session>(PATH, { body: { email, password } });
}

/** Language and preferences follow the person to other browsers; keys are merged. */
export function savePreferences(change: {
  locale?: string;
  preferences?: Record<string, unknown>;
}): Promise<Session> {
  return http.patch<Session>(PATH, { body: change });
}

/** Sessions elsewhere end; this one goes on. */
export function changePassword(current: string, next: string): Promise<void> {
  return http.post(`${PATH}/password`, { body: { current_password: current, new_password: next } });
}

/** By a link that was given out; it works once. */
export function choosePassword(user: string, key: string, password: string): Promise<void> {
  return http.post(`${PATH}/first-password`, { body: { user, key, password } });
}

export function signOut(): Promise<void> {
  return http.delete(PATH);
}
