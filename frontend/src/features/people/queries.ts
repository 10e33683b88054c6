import { queryOptions } from '@tanstack/react-query';
import { http, type Page } from '@/api/http';
import type { components } from '@/api/schema';

type S = components['schemas'];

export type Person = S['Person'];
export type Kind = Person['kind'];
export type Member = S['MemberOut'];
export const KINDS: readonly Kind[] = ['expert', 'staff', 'vendor', 'crowd'];

const at = (project: string) => `/api/v1/projects/${project}`;

export const peopleQuery = (project: string) =>
  queryOptions({
    queryKey: ['people', project],
    queryFn: ({ signal }) =>
      http.get<Page<Person>>(`${at(project)}/people`, { query: { limit: 200 }, signal }),
  });

export const personQuery = (project: string, id: string) =>
  queryOptions({
    queryKey: ['person', project, id],
    queryFn: ({ signal }) => http.get<Person>(`${at(project)}/people/${id}`, { signal }),
  });

export const membersQuery = (project: string) =>
  queryOptions({
    queryKey: ['members', project],
    queryFn: ({ signal }) =>
      http.get<Page<Member>>(`${at(project)}/members`, { query: { limit: 500 }, signal }),
  });

export interface EnrolForm {
  user: string;
  kind: Kind;
  skills: string[];
}

export const enrol = (project: string, body: EnrolForm, idempotencyKey: string) =>
  http.post<Person>(`${at(project)}/people`, { body, idempotencyKey });
export const changePerson = (
  project: string,
  id: string,
  body: Partial<Pick<Person, 'kind' | 'skills' | 'state'>>,
) => http.patch<Person>(`${at(project)}/people/${id}`, { body });
