import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { http, type Page } from '@/api/http';
import type { components } from '@/api/schema';
import type { Role } from '@/api/session';

type S = components['schemas'];

export type Member = S['MemberOut'];
export type Token = S['TokenOut'];
export type Link = S['LinkOut'];
export type AuditEntry = Omit<S['AuditEntryOut'], 'data'> & { data: Record<string, unknown> };
export type Places = S['ImportPlacesOut'];
export const ROLES: readonly Role[] = ['owner', 'lead', 'reviewer', 'annotator', 'researcher'];
export const SCOPES = ['read', 'write', 'label', 'predict'] as const;
export type Scope = (typeof SCOPES)[number];

export interface SchemaClass {
  key: string;
  names: Record<string, string>;
  parent: string | null;
  selectable: boolean;
  hotkey?: string | null;
  description?: string;
  retired?: boolean;
}

export interface SchemaQuestion {
  key: string;
  kind: 'single_choice' | 'multiple_choice' | 'number' | 'text' | 'shapes';
  title: Record<string, string>;
  help: Record<string, string>;
  allow_none: boolean;
  allow_cannot_tell: boolean;
  max_choices: number | null;
  classes: SchemaClass[];
}

export interface SchemaRow {
  id: string;
  family: string;
  version: number;
  name: string;
  created_at: string;
  questions: { key: string; kind: string; title: Record<string, string>; n_classes: number }[];
}

export interface Schema extends SchemaRow {
  document: { format: number; questions: SchemaQuestion[] };
}

const at = (project: string) => `/api/v1/projects/${project}`;

export const membersQuery = (project: string) =>
  queryOptions({
    queryKey: ['members', project],
    queryFn: ({ signal }) =>
      http.get<Page<Member>>(`${at(project)}/members`, { query: { limit: 500 }, signal }),
  });

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => http.get<Page<Token>>('/api/v1/tokens', { query: { limit: 200 }, signal }),
});

export const placesQuery = (project: string) =>
  queryOptions({
    queryKey: ['import-places', project],
    queryFn: ({ signal }) => http.get<Places>(`${at(project)}/imports/places`, { signal }),
  });

export const trailQuery = (project: string) =>
  infiniteQueryOptions({
    queryKey: ['audit-trail', project],
    queryFn: ({ pageParam, signal }) =>
      http.get<Page<AuditEntry>>(`${at(project)}/audit-trail`, {
        query: { limit: 100, cursor: pageParam },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page: Page<AuditEntry>) => page.next,
  });

export const schemasQuery = (project: string) =>
  queryOptions({
    queryKey: ['schemas', project],
    queryFn: ({ signal }) =>
      http.get<Page<SchemaRow>>(`${at(project)}/schemas`, { query: { limit: 200 }, signal }),
  });

export const schemaQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['schemas', project, id],
    queryFn: ({ signal }) => http.get<Schema>(`${at(project)}/schemas/${id}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: id !== '',
  });

export const setRole = (project: string, email: string, role: Role) =>
  http.post<Member>(`${at(project)}/members`, { body: { email, role } });
export const removeMember = (project: string, user: string) => http.delete(`${at(project)}/members/${user}`);
export const createAccount = (body: {
  email: string;
  name: string;
  project: string;
  role: Role;
  locale: string;
  password: string | null;
}) => http.post<S['AccountOut']>('/api/v1/accounts', { body });
/** A new link for somebody who never chose a password (or, by an operator, for anybody). */
export const issueLink = (email: string) => http.post<Link>('/api/v1/accounts/link', { body: { email } });
/** The same key makes no second token: its text is told only once, so a repeat is refused. */
export const createToken = (
  body: {
    name: string;
    scopes: Scope[];
    project: string | null;
    expires_at: string | null;
  },
  idempotencyKey: string,
) => http.post<Token & { token: string }>('/api/v1/tokens', { body, idempotencyKey });
export const revokeToken = (id: string) => http.delete(`/api/v1/tokens/${id}`);
export const createSchema = (
  project: string,
  body: { name: string; family: string; document: unknown },
  idempotencyKey: string,
) => http.post<Schema>(`${at(project)}/schemas`, { body, idempotencyKey });
